namespace Millrace.Flows.Running;

/// <summary>A flow at work: one runner for each partition of its source.</summary>
internal sealed class Flow : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly FlowRunner[] _runners;
    private readonly Task[] _running;

    public Flow(FlowPlan plan, FlowServices services)
    {
        Plan = plan;
        _runners = [.. plan.Source.Partitions.Select(partition => new FlowRunner(plan, partition, services))];
        _running = [.. _runners.Select(runner => Task.Run(() => runner.RunAsync(_stop.Token)))];
    }

    public FlowPlan Plan { get; }

    public FlowStatus Status => _runners.Select(static runner => runner.Status).Aggregate(FlowStatus.Merge);

    /// <summary>Ends when every runner has left its last checkpoint behind.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
        foreach (var runner in _runners) runner.Dispose();
        _stop.Dispose();
    }
}
