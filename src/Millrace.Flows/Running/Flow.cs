using Millrace.Contracts.Flows;

namespace Millrace.Flows.Running;

/// <summary>A flow at work: for each of its destinations, one runner for each partition of its source.</summary>
internal sealed class Flow : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly FlowServices _services;
    private readonly FlowRunner[][] _lanes;
    private readonly Task[] _running;
    private readonly Flow? _rows;

    public Flow(FlowPlan plan, FlowServices services)
    {
        Plan = plan;
        _services = services;
        _rows = plan.Rows is null ? null : new Flow(plan.Rows, services);
        _lanes = plan.Enabled ? [.. plan.Lanes.Select(RunnersOf)] : [];
        _running = [.. _lanes.SelectMany(static lane => lane).Select(runner => Task.Run(() => runner.RunAsync(_stop.Token)))];
    }

    public FlowPlan Plan { get; }

    /// <summary>One for each destination.</summary>
    public IEnumerable<FlowStatus> Statuses => (Plan.Enabled
        ? _lanes.Select(static lane => lane.Select(static runner => runner.Status).Aggregate(FlowStatus.Merge))
        : Plan.Lanes.Select(AtRest)).Concat(_rows?.Statuses ?? []);

    /// <summary>Ends when every runner has left its last checkpoint behind.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
        foreach (var runner in _lanes.SelectMany(static lane => lane)) runner.Dispose();
        _stop.Dispose();
        if (_rows is not null) await _rows.DisposeAsync().ConfigureAwait(false);
    }

    private FlowRunner[] RunnersOf(LanePlan lane) =>
        [.. Plan.Source.Partitions.Select(partition => new FlowRunner(Plan, lane, partition, _services, _services.DeadLetters))];

    private FlowStatus AtRest(LanePlan lane)
    {
        var status = FlowStatus.Before(Plan, lane) with { State = FlowState.Stopped };
        foreach (var source in Plan.Source.Partitions)
        {
            var key = lane.KeyOf(source.Index);
            var place = Plan.HeldBy(key) ?? _services.Checkpoints.Load(key) ?? new Checkpoint(Plan.StartOf(source), default);
            status = status with { Counts = status.Counts + place.Counts, Lag = status.Lag + Math.Max(0, source.End - Math.Max(place.Offset, source.Start)) };
        }

        return status;
    }
}
