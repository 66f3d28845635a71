using System.Security.Cryptography;
using Millrace.Devices.Connecting;

namespace Millrace.Devices.Credentials;

/// <summary>Checks passwords away from the caller's thread, few at once: each costs a processor a fraction of a second on purpose.</summary>
/// <remarks>Any thread may call.</remarks>
internal sealed class PasswordChecks
{
    private const int MaxWaiting = 1024;

    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private int _waiting;

    /// <returns>Null where too many wait for their turn already.</returns>
    public async ValueTask<bool?> FitsAsync(Principal? user, PasswordHash hash, byte[] password, CancellationToken stop)
    {
        // A fleet that comes back after a restart of its router brings the same passwords again: one that was right is known by a quick hash, in memory
        // only and under a key of this process.
        var quick = HMACSHA256.HashData(_secret, password);
        if (user?.KnownPassword is { } known && CryptographicOperations.FixedTimeEquals(known, quick)) return true;
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            await _turns.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                var fits = await Task.Run(() => hash.Fits(password), CancellationToken.None).ConfigureAwait(false);
                if (fits && user is not null) user.KnownPassword = quick;
                return fits;
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
