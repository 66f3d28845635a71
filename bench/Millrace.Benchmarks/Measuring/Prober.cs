using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Measuring;

/// <summary>Asks some ten times a second for the newest row, and notes how old it is when the answer comes.</summary>
internal sealed class Prober(ITable table, WallClock clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly Histogram _ages = new();

    public long Probes => _ages.Count;

    /// <summary>Publish to queryable, the query's own time included.</summary>
    public Latency Ages => _ages.ToLatency();

    /// <summary>Probes until it is stopped, which is its ordinary end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        // While nothing of this phase is visible, its first message is what waits.
        var startNs = clock.NowNs;
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var newestNs = await table.NewestNsAsync(stop);
                _ages.Record(clock.NowNs - Math.Max(newestNs, startNs));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The load has ended.
        }
    }
}
