namespace Millrace.Storage.Log;

/// <summary>What <see cref="LogVerify"/> has read so far.</summary>
public sealed record LogVerifyReport
{
    public int Logs { get; internal set; }

    public int Partitions { get; internal set; }

    public int Segments { get; internal set; }

    public long Frames { get; internal set; }

    public long Records { get; internal set; }

    /// <summary>Of all segment files that were looked at.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Faults by which something acknowledged is lost.</summary>
    public int Damages { get; internal set; }
}
