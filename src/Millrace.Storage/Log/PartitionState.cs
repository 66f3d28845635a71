namespace Millrace.Storage.Log;

/// <summary>What the appending, the writing and the reading side of one partition share.</summary>
internal sealed class PartitionState
{
    public PartitionState(string log, int index, LogEnvironment environment)
    {
        Name = $"{log}/{index}";
        Index = index;
        Directory = $"{LogStore.Root}/{Name}";
        Damages = new PartitionDamages(Name, Directory, environment);
        Segments = new PartitionRecovery(Directory, Damages, environment).Recover();
        Reader = new PartitionReader(Segments, environment.Files, Damages);
        Retention = new LogRetention(environment.Options.MaxAge, environment.Options.MaxBytes);
    }

    /// <summary>Log and partition, as <c>ingress/0</c>.</summary>
    public string Name { get; }

    public int Index { get; }

    public string Directory { get; }

    public SegmentList Segments { get; }

    public PartitionDamages Damages { get; }

    public PartitionReader Reader { get; }

    /// <summary>The commit thread looks at it from time to time; any thread may replace it.</summary>
    public LogRetention Retention { get; set; }

    public PartitionCounters Counters { get; } = new();
}
