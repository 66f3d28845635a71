using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Flows.Options;

namespace Millrace.Tests.Flows.Windows;

/// <summary>Whatever the order, the partitions and the crashes: what comes out is what a computation over all rows at once gives.</summary>
public sealed class WindowPropertyTests
{
    private const int Runs = 200;
    private const int Lateness = 20;
    private static readonly string[] Vins = ["V1", "V2", "V3"];

    [Theory]
    [InlineData("tumbling('1m')", 60, 60)]
    [InlineData("hopping('1m', '20s')", 60, 20)]
    [InlineData("session('25s')", 0, 25)]
    public void Rows_of_windows_are_those_of_a_naive_computation(string window, int size, int step)
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var rows = Run(window, seed, Lateness, out var events, out _);
            Assert.True(Naive(events, size, step).SequenceEqual(rows), $"seed {seed}:\n{string.Join('\n', rows)}\nand naively\n{string.Join('\n', Naive(events, size, step))}");
        }
    }

    [Fact]
    public void A_row_that_is_in_no_window_is_a_late_one_and_there_once()
    {
        var (lateOnes, all) = (0, 0);
        for (var seed = 0; seed < Runs; seed++)
        {
            var sum = Run("tumbling('1m')", seed, lateness: 3, out var events, out var late).Sum(static row => (int)JsonNode.Parse(row)!["n"]!);
            Assert.True(sum + late.Count == events.Count && late.Distinct().Count() == late.Count, $"seed {seed}: {sum} and {late.Count} of {events.Count}");
            lateOnes += late.Count;
            all += events.Count;
        }

        Assert.InRange(lateOnes, all / 1000, all / 2);
    }

    /// <summary>The rows that come out, in order of text.</summary>
    private static List<string> Run(string window, int seed, int lateness, out List<Event> events, out IReadOnlyList<string> late)
    {
        var random = new Random(seed);
        var options = new WindowOptions
        {
            Time = new TimeOptions("time"),
            Lateness = TimeSpan.FromSeconds(lateness),
            Late = "late",
            Idle = TimeSpan.FromDays(1),
        };
        var bench = new WindowBench(
            $"SELECT vin, count(*) AS n, sum(value) AS s, min(value) AS lo, max(value) AS hi, first(id) AS f, window_start() / 1000 AS b FROM 'a/#' GROUP BY vin, {window}",
            options, partitions: 3);
        events = [];
        var now = new int[3];
        for (var i = random.Next(60); i > 0; i--)
        {
            var row = new Row(random.Next(3), random.Next(16), random.Next(Lateness + 1), random.Next(3), random.Next(-50, 51) / 10m);
            now[row.Partition] += row.Step;
            var time = 1000 + now[row.Partition] - row.Behind;
            events.Add(new Event(time, 1000 + now[row.Partition], row.Partition, i, Vins[row.Vin], row.Value));
            bench.Publish(
                time, string.Create(CultureInfo.InvariantCulture, $$"""{"vin":"{{Vins[row.Vin]}}","value":{{row.Value}},"id":{{i}}}"""), row.Partition, 1000 + now[row.Partition]);
        }

        Carry(bench, random, events.Count).GetAwaiter().GetResult();
        late = bench.LateRows.Payloads();
        return [.. bench.Rows.Payloads().Order(StringComparer.Ordinal)];
    }

    /// <summary>Frames of partitions in any order, commits between them, time that passes, and a crash now and then.</summary>
    private static async Task Carry(WindowBench bench, Random random, int rows)
    {
        for (var step = 0; step < rows * 3; step++)
        {
            if (random.Next(4) == 0) bench.Crash.After(random.Next(12));
            try
            {
                if (random.Next(3) == 0) bench.Clock.Advance(TimeSpan.FromSeconds(random.Next(3)));
                if (random.Next(2) == 0) await bench.CarryAsync(random.Next(3));
                else await bench.CommitAsync(random.Next(3));
                if (random.Next(20) == 0) throw new CrashException();
            }
            catch (CrashException)
            {
                bench.Crash.Never();
                bench.Start();
            }
        }

        bench.Crash.Never();
        await bench.FinishAsync(TimeSpan.FromDays(2));
    }

    private static IEnumerable<string> Naive(List<Event> events, int size, int step)
    {
        var windows = size > 0
            ? from one in events
              from start in Enumerable.Range(0, (size + step - 1) / step).Select(i => (one.Time / step * step) - (i * step))
              where start + size > one.Time
              group one by (one.Vin, Start: start) into window
              select (window.Key.Vin, window.Key.Start, Rows: window.ToList())
            : Sessions(events, step);
        return windows.Select(static window => Text(window.Vin, window.Start, window.Rows)).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<(string Vin, int Start, List<Event> Rows)> Sessions(List<Event> events, int gap)
    {
        foreach (var car in events.GroupBy(static one => one.Vin))
        {
            List<Event> session = [];
            foreach (var one in car.OrderBy(static one => one.Time))
            {
                if (session.Count > 0 && one.Time - session[^1].Time >= gap)
                {
                    yield return (car.Key, session[0].Time, session);
                    session = [];
                }

                session.Add(one);
            }

            yield return (car.Key, session[0].Time, session);
        }
    }

    private static string Text(string vin, int start, List<Event> rows)
    {
        var first = rows.OrderBy(static one => one.Time).ThenBy(static one => one.Arrival).ThenBy(static one => one.Partition).ThenByDescending(static one => one.Id).First().Id;
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"vin":"{{vin}}","n":{{rows.Count}},"s":{{Plain(rows.Sum(static one => one.Value))}},"lo":{{Plain(rows.Min(static one => one.Value))}},"hi":{{Plain(rows.Max(static one => one.Value))}},"f":{{first}},"b":{{start}}}""");
    }

    private static decimal Plain(decimal value) => value / 1.0000000000000000000000000000m;

    private sealed record Row(int Partition, int Step, int Behind, int Vin, decimal Value);

    private sealed record Event(int Time, int Arrival, int Partition, int Id, string Vin, decimal Value);
}
