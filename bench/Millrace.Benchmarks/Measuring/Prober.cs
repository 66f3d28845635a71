using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Measuring;

/// <summary>Asks some fifty times a second for the new rows of a few cars, and notes of each how old it is when the first answer that has it is there.</summary>
/// <remarks>A car's messages come over one connection: its rows become visible in their order, and each has a time of its own.</remarks>
internal sealed class Prober
{
    private const int MostCars = 10;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    private readonly ITable _table;
    private readonly WallClock _clock;
    private readonly Histogram _ages = new();
    private readonly Dictionary<string, long> _seen;

    /// <param name="table">Asked.</param>
    /// <param name="cars">That publish; of more than ten some are looked at, as far apart as can be.</param>
    /// <param name="clock">Of this process; that of the publishing one shows the same time.</param>
    public Prober(ITable table, int cars, WallClock clock)
    {
        _table = table;
        _clock = clock;
        var some = Math.Min(cars, MostCars);
        _seen = Enumerable.Range(0, some).ToDictionary(i => TelemetryPacket.VinOf((int)((long)i * cars / some)), _ => clock.NowNs);
    }

    /// <summary>Messages that were waited for.</summary>
    public long Messages => _ages.Count;

    /// <summary>Publish to queryable: the wait until the next question and its own time are in it.</summary>
    public Latency Ages => _ages.ToLatency();

    /// <summary>Asks until it is stopped, which is its ordinary end, and then once more for what became visible since.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) await LookAsync();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await LookAsync();
        }
    }

    private async Task LookAsync()
    {
        var rows = await _table.RowsAfterAsync([.. _seen.Keys], _seen.Values.Min(), CancellationToken.None);
        var now = _clock.NowNs;
        foreach (var row in rows.OrderBy(static row => row.TimeNs))
        {
            if (row.TimeNs <= _seen[row.Car]) continue;
            _seen[row.Car] = row.TimeNs;
            _ages.Record(now - row.TimeNs);
        }
    }
}
