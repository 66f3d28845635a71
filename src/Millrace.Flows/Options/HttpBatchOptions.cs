using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Records are gathered into JSON arrays; one is sent when the first of these is reached.</summary>
public sealed record HttpBatchOptions
{
    private const int MostRecords = 10_000;

    public int MaxRecords { get; init; } = 100;

    public ByteSize MaxBytes { get; init; } = ByteSize.KiB(256);

    /// <summary>Of the first record of an array. Looked at about every second.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(1);

    public IEnumerable<Problem> Check()
    {
        if (MaxRecords is < 1 or > MostRecords) yield return new("maxRecords", $"must be from 1 to {MostRecords}");
        if (MaxBytes.Bytes < 100 || MaxBytes > ByteSize.MiB(16)) yield return new("maxBytes", "must be from 100 bytes to 16MiB");
        if (MaxAge < TimeSpan.Zero || MaxAge > TimeSpan.FromMinutes(1)) yield return new("maxAge", "must be from 0 to 1m");
    }
}
