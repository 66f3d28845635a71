using Millrace.Contracts;

namespace Millrace.Flows.Running;

/// <summary>How flows read. Read once, at start.</summary>
public sealed record FlowRunnerOptions
{
    /// <summary>A flow that finds records waits this long for more of them before it reads: dearer per message below, later above.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Payload bytes after which a flow that is behind makes visible what it has written.</summary>
    public ByteSize ChunkBytes { get; init; } = ByteSize.MiB(4);

    public IEnumerable<Problem> Check()
    {
        if (Linger < TimeSpan.Zero || Linger > TimeSpan.FromSeconds(10)) yield return new("flows.linger", "must be between 0 and 10 s");
        if (ChunkBytes < ByteSize.KiB(1)) yield return new("flows.chunkBytes", "must be at least 1KiB");
    }
}
