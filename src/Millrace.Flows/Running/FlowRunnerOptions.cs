using Millrace.Contracts;

namespace Millrace.Flows.Running;

/// <summary>How flows read. Read once, at start.</summary>
public sealed record FlowRunnerOptions
{
    /// <summary>Who finds records waits this long for more of them before reading: dearer per message below, later above.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long the first reading of a partition waits for all flows to be there: what they all have to see again after a crash is read once.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Payload bytes after which a flow that is behind makes visible what it has written.</summary>
    public ByteSize ChunkBytes { get; init; } = ByteSize.MiB(4);

    /// <summary>Frames that may wait for one flow before it has to read by itself.</summary>
    public int MostFrames { get; init; } = 64;

    /// <summary>What all frames of one partition that wait for flows may take of memory.</summary>
    public ByteSize MostShared { get; init; } = ByteSize.MiB(16);

    public IEnumerable<Problem> Check()
    {
        if (Linger < TimeSpan.Zero || Linger > TimeSpan.FromSeconds(10)) yield return new("flows.linger", "must be between 0 and 10 s");
        if (Gather < TimeSpan.Zero || Gather > TimeSpan.FromSeconds(10)) yield return new("flows.gather", "must be between 0 and 10 s");
        if (ChunkBytes < ByteSize.KiB(1)) yield return new("flows.chunkBytes", "must be at least 1KiB");
        if (MostFrames < 1) yield return new("flows.mostFrames", "must be at least 1");
        if (MostShared < ByteSize.KiB(64)) yield return new("flows.mostShared", "must be at least 64KiB");
    }
}
