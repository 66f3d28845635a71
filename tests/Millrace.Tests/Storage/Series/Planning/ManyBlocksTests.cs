using Millrace.Storage.Series;
using Millrace.Storage.Series.Query.Buckets;
using Millrace.Storage.Series.Scans;

namespace Millrace.Tests.Storage.Series.Planning;

/// <summary>
/// Buckets of series with many blocks answer as their rows do: those that are in one block, those that go on in the next, in another file or in memory; of
/// cars that send evenly, in bursts and seldom.
/// </summary>
public sealed class ManyBlocksTests : IAsyncLifetime
{
    private const long Start = SeriesRig.Now - (6 * 3600 * SeriesRig.Second);
    private const long Step = 400_000_000;
    private const int Cars = 10;

    private static readonly string[] Widths = ["1 second", "3 seconds", "10 seconds", "1 minute", "7 minutes", "1 hour"];
    private static readonly string[] Keys = ["vin, region, capacity", "vin", "region", "vin, capacity"];
    private static readonly string[] Measures =
        ["avg(speed) AS v", "count(*), sum(gear), avg(speed), count(gear)", "count(speed), min(speed), max(gear), max_by(gear, time), min(time), max(time)"];

    private static readonly string[] Conditions = ["speed > 30", "gear IS NOT NULL", "gear = 3", "speed <= 55.5", "speed IS NULL", "vin <> 'car1'", "vin = 'car2'", "region = 'north'"];

    private readonly SeriesRig _rig = new(new SeriesOptions { Threads = 2 });

    public async ValueTask InitializeAsync()
    {
        _rig.Write(Rows(new Random(1), 0, 6000, 0));
        await _rig.MoveAsync();
        _rig.Write(Rows(new Random(2), 5900, 6500, Step / 3).Concat(Rows(new Random(3), 1000, 1300, Step / 5).Where(static late => late.Dimensions[0].Value is "car0" or "car7")));
        await _rig.MoveAsync();

        // From here on no files are merged.
        _rig.Reopen();
        _rig.Write(Rows(new Random(4), 6400, 7000, Step / 3));
    }

    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory, Seeds(8)]
    public async Task The_answer_is_the_same(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 8; i++) await PlannedAnswers.SameAsync(_rig, Statement(random));
    }

    [Theory, Seeds(6)]
    public void A_bucket_that_is_not_shared_is_the_only_one_of_its_cell_whoever_reads_what(int seed)
    {
        var random = new Random(seed);
        var spec = new BucketSpec { WidthNs = random.Next(2, 6) * Step, Measures = [], Tests = [] };
        using var snapshot = ((SeriesTable)_rig.Store.Table(SeriesRig.Fleet)).Snapshot(_rig.Clock.GetUtcNow());

        // What one reader takes at a time ends within a series.
        var blocks = snapshot.Files.MaxBy(static file => file.File.Rows)!.Blocks.Blocks;
        Assert.True(blocks.Length > 16 && blocks[15].LastSeries == blocks[16].FirstSeries, "every reader takes all of its series");
        var range = seed % 2 == 0 ? ScanRange.All : new ScanRange { FromNs = Start + (random.Next(1000) * Step), ToNs = Start + (random.Next(5000, 7000) * Step) };
        var cells = BucketCells.Of(snapshot, range, spec, seed % 3 == 0 ? [0, 1] : [0, 1, 2], [])!;
        var scan = new SeriesScan(snapshot, range, []) { InRuns = true };
        var readers = Enumerable.Range(0, 3).Select(_ => (Reader: new BucketReader(spec, scan.Read(), cells), Rows: new BucketRows(spec))).ToList();
        var (alone, all, rows) = (new HashSet<int>(), new Dictionary<int, int>(), 0L);
        while (readers.Count > 0)
        {
            var one = readers[random.Next(readers.Count)];
            if (one.Reader.Read(one.Rows) is { } page)
            {
                for (var bucket = 0; bucket < page.Count; bucket++)
                {
                    var cell = cells.CellOf(page.Series[bucket], page.TimeNs[bucket]);
                    all[cell] = all.GetValueOrDefault(cell) + 1;
                    rows += page.Rows[bucket];
                    if (page == one.Rows && !page.Shared.Contains(bucket)) alone.Add(cell);
                }
            }
            else
            {
                rows -= one.Reader.Rows;
                readers.Remove(one);
            }
        }

        Assert.Equal(0, rows);
        Assert.DoesNotContain(alone, cell => all[cell] > 1);
        Assert.True(alone.Count > all.Count / 4, $"{alone.Count} of {all.Count} are known to be alone");
    }

    private static string Statement(Random random)
    {
        var keys = Keys[random.Next(Keys.Length)];
        var step = random.Next(7) == 0 ? "" : $", bin(time, INTERVAL '{Widths[random.Next(Widths.Length)]}') AS step";
        var measures = Measures[random.Next(Measures.Length)];
        var conditions = Enumerable.Range(0, random.Next(3)).Select(_ => Conditions[random.Next(Conditions.Length)]).ToList();
        if (random.Next(2) == 0) conditions.Add($"time >= {Time(random.Next(7000))}");
        if (random.Next(2) == 0) conditions.Add($"time < {Time(random.Next(7000))}");
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        return $"SELECT {keys}{step}, {measures} FROM fleet.telemetry{where} GROUP BY {keys}{(step.Length > 0 ? ", step" : "")}";
    }

    private static string Time(int row) => $"TIMESTAMP '{DateTimeOffset.UnixEpoch.AddTicks((Start + (row * Step)) / 100):yyyy-MM-dd HH:mm:ss}'";

    // A row each step, about, no two at the same time; now and then one of a car that was never seen before.
    private static IEnumerable<Point> Rows(Random random, int from, int to, long plusNs)
    {
        for (var i = from; i < to; i++)
        {
            for (var car = 0; car < Cars; car++)
            {
                if (car % 5 == 1 ? random.Next(8) == 0 : car % 5 == 2 ? i / 100 % 3 == 1 : car % 5 == 3 && random.Next(400) > 0) continue;
                yield return Row(random, Start + (i * Step) + plusNs, car, car % 5 == 4 && random.Next(150) == 0 ? null : "1500");
            }

            if (random.Next(60) == 0) yield return Row(random, Start + (i * Step) + plusNs, Cars + random.Next(40), null);
        }
    }

    private static Point Row(Random random, long ns, int car, string? capacity)
    {
        var values = new Dictionary<string, object> { ["on"] = ns % 2 == 0 };
        if (random.Next(car == 2 ? 3 : 40) > 0) values["speed"] = car == 0 ? random.Next(100) : random.Next(1000) / 10.0;
        if (random.Next(50) > 0) values["gear"] = (long)random.Next(6);
        var dimensions = new List<(string, string)> { ("vin", $"car{car}"), ("region", car % 2 == 0 ? "north" : "south") };
        if (capacity is not null) dimensions.Add(("capacity", capacity));
        return new Point("status", ns + (car == 2 ? random.Next((int)Step) : car * 1_000_000), values) { Dimensions = [.. dimensions] };
    }
}
