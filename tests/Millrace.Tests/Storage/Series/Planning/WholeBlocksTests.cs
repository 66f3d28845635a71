using Millrace.Contracts.Tables;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Blocks;

namespace Millrace.Tests.Storage.Series.Planning;

/// <summary>What is known of whole blocks answers as their rows do: blocks of one series each, with values of every kind, some rows late, replaced, or too old to be kept.</summary>
public sealed class WholeBlocksTests : IAsyncLifetime
{
    private const long Start = SeriesRig.Now - (6 * 3600 * SeriesRig.Second);

    private readonly SeriesRig _rig = new(new SeriesOptions { Threads = 2 });

    public async ValueTask InitializeAsync()
    {
        _rig.Write(Rows(0, 1200));
        await _rig.MoveAsync();
        _rig.Write(Rows(1200, 2400));
        await _rig.MoveAsync();

        // From here on no files are merged.
        _rig.Reopen();
    }

    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("SELECT vin, count(*), count(speed), sum(speed), avg(speed), min(speed), max(speed), count(gear), sum(gear), avg(gear), min(gear), max(gear), min(time), max(time) FROM fleet.telemetry GROUP BY vin")]
    [InlineData("SELECT count(*), sum(gear), min(gear), max(gear) FROM fleet.telemetry")]
    [InlineData("SELECT vin, count(*), sum(gear) FROM fleet.telemetry WHERE speed > 20 GROUP BY vin")]
    [InlineData("SELECT vin, count(*), min(speed) FROM fleet.telemetry WHERE speed > 20 AND speed < 1e300 AND gear IS NOT NULL GROUP BY vin")]
    [InlineData("SELECT vin, count(*), avg(speed) FROM fleet.telemetry WHERE gear = 2 GROUP BY vin")]
    [InlineData("SELECT vin, count(*), avg(speed) FROM fleet.telemetry WHERE gear <> 2 GROUP BY vin")]
    [InlineData("SELECT vin, count(*), sum(gear) FROM fleet.telemetry WHERE speed IS NULL GROUP BY vin")]
    [InlineData("SELECT vin, count(*), sum(gear) FROM fleet.telemetry WHERE speed IS NOT NULL GROUP BY vin")]
    [InlineData("SELECT vin, count(*), max(gear) FROM fleet.telemetry WHERE gear >= 9223372036854775000 GROUP BY vin")]
    [InlineData("SELECT vin, sum(gear) FROM fleet.telemetry WHERE time >= '2026-05-31 18:30:00' AND time < '2026-05-31 20:10:00' GROUP BY vin")]
    [InlineData("SELECT vin, time::DATE AS day, count(*), sum(gear), max(speed) FROM fleet.telemetry GROUP BY vin, day")]
    [InlineData("SELECT vin, bin(time, INTERVAL '6 hours') AS b, count(*), min(speed) FROM fleet.telemetry WHERE speed <= 12.5 GROUP BY vin, b")]
    [InlineData("SELECT vin, bin(time, INTERVAL '90 minutes') AS b, count(*), avg(gear), min(time) FROM fleet.telemetry GROUP BY vin, b")]
    [InlineData("SELECT region, count(*), count(note), count(\"on\"), max(\"on\"), sum(gear) FROM fleet.telemetry GROUP BY region")]
    [InlineData("SELECT vin, max_by(gear, time), sum(gear) FROM fleet.telemetry WHERE speed >= 0 GROUP BY vin")]
    [InlineData("SELECT vin, speed, gear FROM fleet.telemetry WHERE speed > 59 AND vin = 'car0'")]
    public async Task The_answer_is_the_same(string sql)
    {
        await PlannedAnswers.SameAsync(_rig, sql);
        AddLateRows();
        await PlannedAnswers.SameAsync(_rig, sql);
        KeepFiveHours();
        await PlannedAnswers.SameAsync(_rig, sql);
    }

    [Theory, Seeds(60)]
    public async Task The_answer_is_the_same_whatever_is_asked(int seed)
    {
        var random = new Random(seed);
        if (random.Next(3) == 0) AddLateRows();
        if (random.Next(3) == 0) KeepFiveHours();
        for (var i = 0; i < 4; i++)
        {
            var statement = new SomeStatement(random);
            await PlannedAnswers.SameAsync(_rig, statement.Text, statement.IsOrdered);
        }
    }

    [Theory]
    [InlineData("SELECT count(*), min(time), max(time) FROM fleet.telemetry", "19200|2026-05-31 18:00:00.000000000|2026-05-31 21:59:54.000000007")]
    [InlineData("SELECT sum(gear), min(speed), max(speed) FROM fleet.telemetry WHERE vin = 'car0'", "4800|50|59.9")]
    [InlineData("SELECT vin, count(*) FROM fleet.telemetry WHERE speed > 20 AND vin IN ('car0', 'car2') GROUP BY vin", "car0|2400")]
    [InlineData("SELECT count(*) FROM fleet.telemetry WHERE speed < -1 AND vin <> 'car6'", "0")]
    [InlineData("SELECT time::DATE AS day, max(gear) FROM fleet.telemetry WHERE vin IN ('car0', 'car5') AND time > '2026-05-31' GROUP BY day", "2026-05-31|2399")]
    public async Task Blocks_that_are_wanted_whole_or_not_at_all_are_not_read(string sql, string answer)
    {
        DamageAllPieces();
        Assert.Equal([answer], await _rig.LinesAsync(sql));
    }

    [Theory]
    [InlineData("SELECT vin, speed FROM fleet.telemetry WHERE speed < -1 AND vin <> 'car6'")]
    [InlineData("SELECT time, speed FROM fleet.telemetry WHERE vin = 'car0' AND 60 <= speed")]
    [InlineData("SELECT note FROM fleet.telemetry WHERE vin = 'car5' AND speed IS NOT NULL")]
    [InlineData("SELECT median(gear) FROM fleet.telemetry WHERE gear IS NULL AND vin IN ('car0', 'car1') GROUP BY vin")]
    public async Task Rows_that_no_block_can_have_are_not_looked_for(string sql)
    {
        DamageAllPieces();
        Assert.Empty(await _rig.LinesAsync(sql));
    }

    [Theory]
    [InlineData("SELECT vin, sum(gear) FROM fleet.telemetry WHERE time > '2026-05-31 18:30:00' GROUP BY vin")]
    [InlineData("SELECT sum(gear) FROM fleet.telemetry WHERE speed > 55")]
    [InlineData("SELECT sum(speed) FROM fleet.telemetry WHERE vin = 'car6'")]
    public async Task Blocks_that_are_wanted_in_part_or_of_which_too_little_is_known_are_read(string sql)
    {
        DamageAllPieces();
        Assert.Contains("its checksum is wrong", (await _rig.RefusedAsync(sql)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_of_which_rows_were_replaced_is_read()
    {
        AddLateRows();
        DamageAllPieces();
        Assert.Equal(["4900"], await _rig.LinesAsync("SELECT sum(gear) FROM fleet.telemetry WHERE vin = 'car0'"));
        await _rig.RefusedAsync("SELECT sum(gear) FROM fleet.telemetry WHERE vin = 'car1'");
    }

    [Fact]
    public async Task A_group_of_which_some_blocks_are_whole_and_those_beside_them_are_not_comes_once()
    {
        // Two rows a second, so that a block has 17 minutes.
        using var rig = new SeriesRig(new SeriesOptions { Threads = 1 });
        rig.Write(Enumerable.Range(0, 7100).Select(static i =>
            new Point("status", Start + (i * SeriesRig.Second / 2), new Dictionary<string, object> { ["gear"] = (long)i }) { Dimensions = [("vin", "car0")] }));
        await rig.MoveAsync();
        var random = new Random(1);
        for (var i = 0; i < 40; i++)
        {
            var origin = $"2026-05-31 18:{random.Next(60):00}:{random.Next(60):00}";
            var where = random.Next(3) == 0 ? $" WHERE time > '{origin}'" : "";
            await PlannedAnswers.SameAsync(rig, $"SELECT vin, time_bucket(INTERVAL '{random.Next(1000, 3600)} seconds', time, TIMESTAMP '{origin}') AS w, count(*), sum(gear) FROM fleet.telemetry{where} GROUP BY vin, w");
        }
    }

    private void AddLateRows()
    {
        _rig.Write(Rows(2400, 2450));
        _rig.Write(Rows(100, 110).Where(static row => row.Dimensions[0].Value is "car1" or "car3").Select(static row => row with { Version = 2, Value = new Dictionary<string, object> { ["gear"] = 77L } }));
    }

    // From 19:00 on, within the first blocks.
    private void KeepFiveHours() => _rig.Store.Declare(SeriesRig.Fleet, new TableOptions { Retention = TimeSpan.FromHours(5) });

    /// <summary>What is left is the indexes, and what is known of the blocks.</summary>
    private void DamageAllPieces()
    {
        var stored = ((SeriesTable)_rig.Store.Table(SeriesRig.Fleet)).Stored;
        foreach (var path in Directory.GetFiles(_rig.FullPath("series/tables"), "*.blocks", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(path);
            using (var file = BlockFile.Open(_rig.Disk, Path.GetRelativePath(_rig.FullPath("."), path), stored))
            {
                for (var block = 0; block < file.Blocks.Length; block++)
                    for (var slot = 0; slot < file.Columns; slot++)
                        if (file.Piece(block, slot) is { Bytes: > 0 } piece) bytes[piece.At] ^= 1;
            }

            File.WriteAllBytes(path, bytes);
        }
    }

    // Eight cars, a row each every six seconds.
    private static IEnumerable<Point> Rows(int from, int to)
    {
        for (var i = from; i < to; i++)
            for (var car = 0; car < 8; car++)
            {
                var values = new Dictionary<string, object>();
                if (SpeedOf(car, i) is { } speed) values["speed"] = speed;
                if (GearOf(car, i) is { } gear) values["gear"] = gear;
                if (i % 3 == 0) values["on"] = i % 2 == 0;
                if (car < 4) values["note"] = $"note {i % 5} of some length";
                if (values.Count == 0) values["other"] = 1.5;
                var dimensions = new List<(string, string)> { ("vin", $"car{car}"), ("capacity", car % 3 == 0 ? "500" : "1500") };
                if (car > 1) dimensions.Add(("region", car % 2 == 0 ? "north" : "south"));
                yield return new Point(car == 7 ? "other" : "status", Start + (i * 6 * SeriesRig.Second) + car, values) { Dimensions = [.. dimensions] };
            }
    }

    private static double? SpeedOf(int car, int i) => car switch
    {
        0 => 50 + (i % 100 / 10.0),
        1 => i * 37 % 1000 / 10.0,
        2 => i % 100 / 10.0,
        3 => i % 3 == 0 ? null : 60 + (i % 7 / 3.0),
        4 => 12.5,
        6 => 1.5e307 + (i * 1e300),
        7 => i - 0.25,
        _ => null,
    };

    private static long? GearOf(int car, int i) => car switch
    {
        0 => 2,
        1 => (i % 6) - 1,
        2 => i % 2 == 0 ? null : i % 5,
        4 => long.MaxValue - i,
        5 => i,
        6 => i % 2 == 0 ? long.MinValue : long.MaxValue,
        7 => 3,
        _ => null,
    };
}
