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
    }

    /// <summary>Log and partition, as <c>ingress/0</c>.</summary>
    public string Name { get; }

    public int Index { get; }

    public string Directory { get; }

    public SegmentList Segments { get; }

    public PartitionReader Reader { get; }

    public PartitionCounters Counters { get; } = new();
}
