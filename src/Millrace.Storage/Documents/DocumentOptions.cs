using Millrace.Contracts;

namespace Millrace.Storage.Documents;

/// <summary>The sizes by which the document store goes. Tests take smaller ones.</summary>
internal sealed record DocumentOptions
{
    /// <summary>What may wait for the disk. A single write is taken whatever its size where nothing else waits.</summary>
    public ByteSize MaxPending { get; init; } = ByteSize.MiB(64);

    /// <summary>A journal that is shorter is never written anew.</summary>
    public ByteSize RewriteFrom { get; init; } = ByteSize.MiB(4);

    /// <summary>How much of a new journal is written between two commits: they wait that long at most.</summary>
    public ByteSize RewriteStep { get; init; } = ByteSize.MiB(1);
}
