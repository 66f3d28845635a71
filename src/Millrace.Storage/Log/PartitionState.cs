namespace Millrace.Storage.Log;

/// <summary>What the appending, the writing and the reading side of one partition share.</summary>
internal sealed class PartitionState
{
    public PartitionState(string log, int index, LogEnvironment environment)
    {
        Name = $"{log}/{index}";
        Index = index;
        Directory = $"{LogStore.Root}/{Name}";
        Segments = PartitionRecovery.Recover(environment.Disk, Directory, environment.Logger);
        Reader = new PartitionReader(Segments, environment.Files);
        Retention = new LogRetention(environment.Options.MaxAge, environment.Options.MaxBytes);
    }

    /// <summary>Log and partition, as <c>ingress/0</c>.</summary>
    public string Name { get; }

    public int Index { get; }

    public string Directory { get; }

    public SegmentList Segments { get; }

    public PartitionReader Reader { get; }

    /// <summary>The commit thread looks at it from time to time; any thread may replace it.</summary>
    public LogRetention Retention { get; set; }

    public PartitionCounters Counters { get; } = new();
}
