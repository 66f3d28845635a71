namespace Millrace.Storage.Log;

/// <summary>One partition in numbers. The counters begin at the start of the process; the rest is how things stand.</summary>
public readonly record struct PartitionStats
{
    public long Start { get; init; }

    public long End { get; init; }

    public int Segments { get; init; }

    public long BytesOnDisk { get; init; }

    /// <summary>Bytes appended and not yet taken by a commit.</summary>
    public long PendingBytes { get; init; }

    /// <summary>Records committed.</summary>
    public long AppendedRecords { get; init; }

    /// <summary>Bytes committed, headers included.</summary>
    public long AppendedBytes { get; init; }

    public long Commits { get; init; }

    /// <summary>Spent in fdatasync, all commits together.</summary>
    public TimeSpan SyncTime { get; init; }

    public TimeSpan LastSync { get; init; }
}
