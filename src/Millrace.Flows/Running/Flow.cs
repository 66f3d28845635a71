using Microsoft.Extensions.Logging;
using Millrace.Contracts.Flows;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Errors;

namespace Millrace.Flows.Running;

/// <summary>A flow at work: for each of its destinations, one runner for each partition of its source; and one for its error destination.</summary>
internal sealed class Flow : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly FlowServices _services;
    private readonly FlowRunner[][] _lanes;
    private readonly FlowRunner[][] _errors;
    private readonly Task[] _running;
    private readonly Flow? _rows;

    public Flow(FlowPlan plan, FlowServices services)
    {
        Plan = plan;
        _services = services;
        _lanes = [];
        _errors = [];
        _running = [];
        _rows = plan.Rows is null ? null : new Flow(plan.Rows, services);
        if (!plan.Enabled) return;

        var running = new List<Task>();
        if (plan.ErrorLane is { } errorLane)
        {
            var errors = services.RuleErrors ?? throw new ArgumentException($"flow {plan.Name} has an error destination, and there is no log of errors", nameof(services));
            var pending = errors.PendingOf(plan.Name);
            _lanes = [.. plan.Lanes.Select(lane => RunnersOf(plan, lane, errors, () =>
            {
                if (pending.Any) pending.Wake();
            }))];
            _errors = [RunnersOf(ErrorPlanOf(plan, errors), errorLane, services.DeadLetters, null)];
            var logger = services.Loggers.CreateLogger($"Millrace.Flow.{plan.Name}");
            running.Add(Task.Run(() => new ErrorReporter(plan, errors, Passed, services.Clock, logger).RunAsync(_stop.Token)));
        }
        else
        {
            _lanes = [.. plan.Lanes.Select(lane => RunnersOf(plan, lane, services.DeadLetters, null))];
        }

        running.AddRange(Runners.Select(runner => Task.Run(() => runner.RunAsync(_stop.Token))));
        _running = [.. running];
    }

    public FlowPlan Plan { get; }

    /// <summary>One for each destination.</summary>
    public IEnumerable<FlowStatus> Statuses => (Plan.Enabled
        ? _lanes.Concat(_errors).Select(static lane => lane.Select(static runner => runner.Status).Aggregate(FlowStatus.Merge))
        : Plan.Lanes.Select(AtRest)).Concat(_rows?.Statuses.Select(lane => lane with { Flow = Plan.Name }) ?? []);

    private IEnumerable<FlowRunner> Runners => _lanes.Concat(_errors).SelectMany(static lane => lane);

    /// <summary>Ends when every runner has left its last checkpoint behind.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
        foreach (var runner in Runners) runner.Dispose();
        _stop.Dispose();
        if (_rows is not null) await _rows.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Messages for the error destination name the flow, so that only those come.</summary>
    private static FlowPlan ErrorPlanOf(FlowPlan plan, RuleErrorLog errors) => plan with
    {
        Source = errors.Log,
        ReadsIngress = false,
        Filter = new MessageFilter(null, System.Text.Encoding.UTF8.GetBytes(plan.Name)),
        CreateSteps = static () => [],
        StartAtOldest = false,
    };

    private FlowRunner[] RunnersOf(FlowPlan plan, LanePlan lane, IFailureLog failures, Action? moved) =>
        [.. plan.Source.Partitions.Select(partition => new FlowRunner(plan, lane, partition, _services, failures, moved))];

    private long Passed(int partition) => _lanes.Min(lane => lane[partition].Passed);

    private FlowStatus AtRest(LanePlan lane)
    {
        var status = FlowStatus.Before(Plan, lane) with { State = FlowState.Stopped };
        foreach (var source in Plan.Source.Partitions)
        {
            var key = lane.KeyOf(source.Index);
            var place = Plan.HeldBy(key) ?? _services.Lazy.Load(key) ?? new Checkpoint(Plan.StartOf(source), default);
            status = status with { Counts = status.Counts + place.Counts, Lag = status.Lag + Math.Max(0, source.End - Math.Max(place.Offset, source.Start)) };
        }

        return status;
    }
}
