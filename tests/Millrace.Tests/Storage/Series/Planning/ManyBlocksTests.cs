using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series.Planning;

/// <summary>
/// Buckets of series with many blocks answer as their rows do: those that are in one block, those that go on in the next, in another file or in memory; of
/// cars that send evenly, in bursts and seldom.
/// </summary>
public sealed class ManyBlocksTests : IAsyncLifetime
{
    private const long Start = SeriesRig.Now - (6 * 3600 * SeriesRig.Second);
    private const int Cars = 5;

    private static readonly string[] Widths = ["1 second", "10 seconds", "1 minute", "7 minutes", "10 minutes", "1 hour", "5 hours"];
    private static readonly string[] Keys = ["vin, region, capacity", "vin", "region", "vin, capacity"];
    private static readonly string[] Measures =
        ["avg(speed) AS v", "count(*), sum(gear), avg(speed), count(gear)", "count(speed), min(speed), max(gear), max_by(gear, time), min(time), max(time)"];

    private static readonly string[] Conditions = ["speed > 30", "gear IS NOT NULL", "gear = 3", "speed <= 55.5", "speed IS NULL", "vin <> 'car1'", "vin = 'car2'", "region = 'north'"];

    private readonly SeriesRig _rig = new(new SeriesOptions { Threads = 2 });

    public async ValueTask InitializeAsync()
    {
        _rig.Write(Rows(new Random(1), 0, 6000, 0));
        await _rig.MoveAsync();
        _rig.Write(Rows(new Random(2), 5900, 6500, 1).Concat(Rows(new Random(3), 1000, 1300, 2)));
        await _rig.MoveAsync();

        // From here on no files are merged.
        _rig.Reopen();
        _rig.Write(Rows(new Random(4), 6400, 7000, 1));
    }

    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory, Seeds(12)]
    public async Task The_answer_is_the_same(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 8; i++) await PlannedAnswers.SameAsync(_rig, Statement(random));
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

    private static string Time(int row) => $"TIMESTAMP '{DateTimeOffset.UnixEpoch.AddTicks((Start + (row * 3 * SeriesRig.Second)) / 100):yyyy-MM-dd HH:mm:ss}'";

    // A row each every three seconds, about, no two at the same time; now and then one of a car that was never seen before.
    private static IEnumerable<Point> Rows(Random random, int from, int to, int plusSeconds)
    {
        for (var i = from; i < to; i++)
        {
            for (var car = 0; car < Cars; car++)
            {
                if (car == 1 ? random.Next(8) == 0 : car == 2 ? i / 100 % 3 == 1 : car == 3 && random.Next(400) > 0) continue;
                yield return Row(random, (i * 3) + plusSeconds, car, car == 4 && random.Next(150) == 0 ? null : "1500");
            }

            if (random.Next(60) == 0) yield return Row(random, (i * 3) + plusSeconds, Cars + random.Next(40), null);
        }
    }

    private static Point Row(Random random, int second, int car, string? capacity)
    {
        var values = new Dictionary<string, object> { ["on"] = second % 2 == 0 };
        if (random.Next(car == 2 ? 3 : 40) > 0) values["speed"] = car == 0 ? random.Next(100) : random.Next(1000) / 10.0;
        if (random.Next(50) > 0) values["gear"] = (long)random.Next(6);
        var dimensions = new List<(string, string)> { ("vin", $"car{car}"), ("region", car % 2 == 0 ? "north" : "south") };
        if (capacity is not null) dimensions.Add(("capacity", capacity));
        return new Point("status", Start + (second * SeriesRig.Second) + (car == 2 ? random.Next(1_000_000_000) : car * 1_000_000), values) { Dimensions = [.. dimensions] };
    }
}
