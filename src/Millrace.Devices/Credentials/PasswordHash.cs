using System.Security.Cryptography;

namespace Millrace.Devices.Credentials;

/// <summary>A password as it is kept: PBKDF2 with SHA-256.</summary>
/// <param name="Salt">Random.</param>
/// <param name="Hash">32 bytes.</param>
/// <param name="Iterations">As they were when it was made.</param>
internal sealed record PasswordHash(byte[] Salt, byte[] Hash, int Iterations)
{
    /// <summary>What OWASP's cheat sheet asks of PBKDF2-HMAC-SHA256.</summary>
    public const int Current = 600_000;

    /// <summary>Stands in for users that do not exist, so that they take as long to refuse as those that do.</summary>
    public static PasswordHash Nobody { get; } = new(new byte[16], new byte[32], Current);

    public static PasswordHash Of(ReadOnlySpan<byte> password, int iterations = Current)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return new PasswordHash(salt, Derive(password, salt, iterations), iterations);
    }

    public bool Fits(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(Derive(password, Salt, Iterations), Hash);

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, 32);
}
