using Millrace.Contracts.Records;

namespace Millrace.Contracts.Flows;

/// <summary>Where a flow's records come to rest. One flow and one partition own one sink.</summary>
/// <remarks>
/// The runner opens first, and opens again (with back-off) after a <see cref="Fault.Unavailable"/>; then it starts over from the last durable
/// checkpoint, so the same records may come twice: at least once. Calls never overlap.
/// A batch is the runner's again when <see cref="WriteAsync"/> returns: copy what you keep.
/// Only <see cref="CommitAsync"/> promises durability; a sink may gather many batches before it does.
/// </remarks>
public interface ISink : IAsyncDisposable
{
    /// <summary>Whether a batch is at its destination for good as soon as <see cref="WriteAsync"/> returns, so that it never has to come again.</summary>
    bool IsDoneWhenWritten => false;

    /// <returns>Where the far side itself says this flow stands; null where it does not keep that, and the runner's own checkpoint holds.</returns>
    ValueTask<Checkpoint?> OpenAsync(CancellationToken stop);

    /// <param name="batch">The records of one frame of the source, after the steps; of a part of it where some are about to be given up. Never empty.</param>
    /// <param name="before">Where the flow stood before this batch: what a commit that ends here would cover.</param>
    /// <param name="outcomes">Receives what was absorbed or refused; a repeated record is absorbed where the destination can tell.</param>
    /// <param name="stop">Ends the wait, not the promise.</param>
    ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop);

    /// <summary>
    /// Makes what was written visible to readers. Called when the source is caught up or a good amount was written, and about every second.
    /// </summary>
    /// <param name="reached">Where the flow stands after all that was written.</param>
    /// <param name="stop">Ends the wait, not the promise.</param>
    /// <returns>The newest checkpoint all before which is durable at the destination; null where there is no new one.</returns>
    ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop);
}
