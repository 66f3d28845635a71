namespace Millrace.Server.Rules;

/// <summary>Secrets for rules, a file each in one directory. A file that changes is read again within a second. What is in them is never logged.</summary>
/// <param name="directory">Null: there are none.</param>
/// <param name="clock">Tells when to look again.</param>
internal sealed class SecretFiles(string? directory, TimeProvider clock)
{
    /// <summary>Bytes, as in AWS Secrets Manager.</summary>
    public const int MaxSize = 64 * 1024;

    private const int MostKept = 1000;
    private const int LongestName = 128;

    private readonly RecheckedCache<string, Secret> _secrets = new(clock, TimeSpan.FromSeconds(1), MostKept, (id, before) => Read(directory!, id, before));

    /// <param name="id">The file's name, or an ARN that ends in it.</param>
    /// <returns>Null where there is no such secret.</returns>
    public byte[]? Find(string id)
    {
        var name = id.StartsWith("arn:", StringComparison.Ordinal) ? id[(id.LastIndexOf(':') + 1)..] : id;
        return directory is not null && IsName(name) ? _secrets.Find(name)?.Value : null;
    }

    /// <summary>No way out of the directory, and nothing hidden in it: such as the halves of a file that an editor leaves.</summary>
    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0])
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '@' or '+' or '=');

    private static Secret? Read(string directory, string name, Secret? before)
    {
        try
        {
            var file = new FileInfo(Path.Combine(directory, name));
            if (!file.Exists || file.Length > MaxSize) return null;
            if (before is not null && before.Changed == file.LastWriteTimeUtc && before.Value.Length == file.Length) return before;
            return new Secret(File.ReadAllBytes(file.FullName), file.LastWriteTimeUtc);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Secret(byte[] Value, DateTime Changed);
}
