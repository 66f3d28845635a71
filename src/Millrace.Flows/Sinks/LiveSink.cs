using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Live;

namespace Millrace.Flows.Sinks;

/// <summary>Shows what passes to the live view.</summary>
internal sealed class LiveSink(LiveFeed feed) : ISink
{
    private bool _begun;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => default;

    public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        Begin(before);
        feed.Show(batch);
        return default;
    }

    public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        Begin(reached);
        return new ValueTask<Checkpoint?>(reached);
    }

    public ValueTask DisposeAsync() => default;

    private void Begin(Checkpoint from)
    {
        if (_begun) return;
        _begun = true;
        feed.Begin(from.Counts.RecordsStored);
    }
}
