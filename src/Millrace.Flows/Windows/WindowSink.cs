using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;

namespace Millrace.Flows.Windows;

/// <summary>Puts the rows of one partition into the windows of its flow.</summary>
internal sealed class WindowSink(WindowState state, int partition) : ISink
{
    private bool _open;

    public async ValueTask<Checkpoint?> OpenAsync(CancellationToken stop)
    {
        var place = await state.OpenAsync(partition, stop).ConfigureAwait(false);
        _open = true;
        return place;
    }

    public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop) =>
        state.WriteAsync(partition, batch, before, outcomes, stop);

    public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop) => state.CommitAsync(partition, reached, stop);

    public ValueTask DisposeAsync()
    {
        if (_open) state.Leave();
        _open = false;
        return default;
    }
}
