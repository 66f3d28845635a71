using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Flows.Live;

namespace Millrace.Flows.Sinks;

/// <summary>Shows what passes to the live view.</summary>
/// <param name="feed">What the live view reads.</param>
/// <param name="key">Of this runner.</param>
/// <param name="source">Where the runner reads: its end has the last message of before the start.</param>
/// <param name="createSteps">The flow's: only what they pick is shown.</param>
internal sealed class LiveSink(LiveFeed feed, string key, ILogPartition source, Func<IReadOnlyList<IStep>> createSteps) : ISink
{
    /// <summary>How far back the last message is looked for.</summary>
    private const int Recalled = 100;

    private bool _begun;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop)
    {
        Recall();
        return default;
    }

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
        feed.Begin(key, from.Counts.RecordsStored);
    }

    private void Recall()
    {
        using var messages = new RecordBatch();
        var end = source.End;
        for (var at = Math.Max(source.Start, end - Recalled); at < end && source.TryRead(at, messages);) at = messages.Through;

        var batch = messages;
        var outcomes = new Outcomes();
        var stages = new List<RecordBatch>();
        foreach (var step in createSteps())
        {
            var stage = new RecordBatch();
            stages.Add(stage);
            stage.ClearFor(batch);
            step.Apply(batch, stage, outcomes);
            batch = stage;
        }

        if (batch.Count > 0) feed.Recall(batch[batch.Count - 1]);
        foreach (var stage in stages) stage.Dispose();
    }
}
