using System.Globalization;
using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series;

/// <summary>What goes in comes out: types, names, limits, windows.</summary>
public sealed class SeriesStoreTests
{
    private const long Now = SeriesRig.Now;

    [Fact]
    public async Task Every_type_comes_back_to_the_nanosecond_from_memory_and_from_files()
    {
        using var rig = new SeriesRig();
        var vin = new (string, string)[] { ("vin", "1NXBR32E84Z995078") };
        rig.Write(
            new Point("d", 1_533_000_000_123_456_789, 47.4) { Dimensions = vin },
            new Point("b", Now + 1, long.MaxValue) { Dimensions = vin },
            new Point("v", Now + 2, "grün 🚗 and longer than twelve bytes") { Dimensions = vin },
            new Point("t", Now + 3, true) { Dimensions = vin },
            new Point("e", Now + 4, "") { Dimensions = vin });
        string[] expected =
        [
            "1NXBR32E84Z995078|d|2018-07-31 01:20:00.123456789|47.4|||",
            $"1NXBR32E84Z995078|b|2026-06-01 00:00:00.000000001||{long.MaxValue}||",
            "1NXBR32E84Z995078|v|2026-06-01 00:00:00.000000002|||grün 🚗 and longer than twelve bytes|",
            "1NXBR32E84Z995078|t|2026-06-01 00:00:00.000000003||||True",
            "1NXBR32E84Z995078|e|2026-06-01 00:00:00.000000004||||",
        ];
        Assert.Equal(expected, await rig.LinesAsync("SELECT * FROM fleet.telemetry ORDER BY time"));
        await rig.MoveAsync();
        Assert.Equal(expected, await rig.LinesAsync("SELECT * FROM fleet.telemetry ORDER BY time"));
        Assert.Equal(0, rig.Store.Stats.HotRows);
        rig.Reopen();
        Assert.Equal(expected, await rig.LinesAsync("SELECT * FROM fleet.telemetry ORDER BY time"));
        Assert.Equal(["1"], await rig.LinesAsync("SELECT count(*) FROM fleet.telemetry WHERE \"measure_value::varchar\" = ''"));
    }

    [Fact]
    public async Task Multi_measure_records_have_a_column_for_each_measure()
    {
        using var rig = new SeriesRig();
        rig.Write(
            new Point("trip", Now, new Dictionary<string, object> { ["distance"] = 12.5, ["driver"] = "Ann", ["ended"] = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc) }) { Dimensions = [("vin", "a")] },
            new Point("trip", Now + 1, new Dictionary<string, object> { ["stops"] = 3L, ["distance"] = 1L }) { Dimensions = [("vin", "a")] });
        string[] expected = ["12.5|Ann|2026-05-01 00:00:00.000000000|", "1|||3"];
        Assert.Equal(expected, await rig.LinesAsync("SELECT distance, driver, ended, stops FROM fleet.telemetry ORDER BY time"));
        await rig.MoveAsync();
        rig.Write(new Point("trip", Now + 2, new Dictionary<string, object> { ["new \"one\""] = 5.0 }) { Dimensions = [("vin", "b"), ("site", "s")] });
        Assert.Equal(expected.Append("|||"), await rig.LinesAsync("SELECT distance, driver, ended, stops FROM fleet.telemetry ORDER BY time"));
        Assert.Equal(["b|s|5"], await rig.LinesAsync("SELECT vin, site, \"new \"\"one\"\"\" FROM fleet.telemetry WHERE site = 's'"));
    }

    [Fact]
    public void A_measure_keeps_its_first_type()
    {
        using var rig = new SeriesRig();
        Point Of(object value, long at, string measure = "x") => new(measure, Now + at, value) { Dimensions = [("vin", "a")] };
        Assert.Empty(rig.Write(Of(1.5, 0), Of(7L, 1)).Refusals);
        Assert.Equal("measure 'x' of fleet.telemetry is DOUBLE; this record has VARCHAR", Assert.Single(rig.Write(Of("high", 2)).Refusals).Reason);
        Assert.Equal("measure 'x' of fleet.telemetry is DOUBLE; this record has BOOLEAN", Assert.Single(rig.Write(Of(true, 2)).Refusals).Reason);
        Assert.Equal(
            "measure 'x' of fleet.telemetry is DOUBLE; this record has MULTI",
            Assert.Single(rig.Write(Of(new Dictionary<string, object> { ["y"] = 1.0 }, 2)).Refusals).Reason);
        rig.Write(Of(new Dictionary<string, object> { ["y"] = 1.0 }, 2, "m"));
        Assert.Equal("measure 'm' of fleet.telemetry is MULTI; this record has DOUBLE", Assert.Single(rig.Write(Of(1.0, 3, "m")).Refusals).Reason);
        Assert.Equal(
            "measure 'y' of fleet.telemetry is DOUBLE; this record has VARCHAR",
            Assert.Single(rig.Write(Of(new Dictionary<string, object> { ["y"] = "low" }, 3, "m")).Refusals).Reason);
    }

    [Fact]
    public async Task A_declared_type_wins_over_the_first_value()
    {
        using var rig = new SeriesRig();
        rig.Store.Declare(SeriesRig.Fleet, new TableOptions { Dimensions = ["site", "vin"], Measures = new Dictionary<string, MeasureType> { ["n"] = MeasureType.Bigint } });
        Assert.Empty(await rig.RowsAsync("SELECT site, vin, measure_name, time FROM fleet.telemetry"));
        var outcomes = rig.Write(
            new Point("n", Now, 5.0) { Dimensions = [("vin", "a")] },
            new Point("n", Now + 1, 5.5) { Dimensions = [("vin", "a")] });
        Assert.Equal("measure 'n' of fleet.telemetry is BIGINT; this record has DOUBLE", Assert.Single(outcomes.Refusals).Reason);
        Assert.Equal(["|a|5"], await rig.LinesAsync("SELECT site, vin, \"measure_value::bigint\" FROM fleet.telemetry"));
    }

    [Fact]
    public void What_cannot_be_stored_is_refused_with_the_reason()
    {
        using var rig = new SeriesRig();
        Point Of(object value) => new("x", Now, value) { Dimensions = [("vin", "a")] };
        string Why(Point point) => Assert.Single(rig.Write(point).Refusals).Reason;

        Assert.Equal("measure 'x': NaN and infinity cannot be stored", Why(Of(double.NaN)));
        Assert.Equal("measure 'x': NaN and infinity cannot be stored", Why(Of(double.NegativeInfinity)));
        Assert.Equal("measure 'x': the text is not UTF-8", Why(Of(new byte[] { 0xFF, 0xFE })));
        Assert.Equal("measure 'x': a text of 65537 bytes; at most 65536 are taken", Why(Of(new string('x', 65537))));
        Assert.Equal("the measure name is empty", Why(Of(1.0) with { Measure = "" }));
        Assert.Equal("the measure name has 257 bytes; at most 256 are taken", Why(Of(1.0) with { Measure = new string('m', 257) }));
        Assert.Equal("dimension 'vin' is empty", Why(Of(1.0) with { Dimensions = [("vin", "")] }));
        Assert.Equal("names and values of the dimensions have more than 2048 bytes", Why(Of(1.0) with { Dimensions = [("vin", new string('v', 2046))] }));
        Assert.Equal("names and values of the dimensions have more than 2048 bytes", Why(Of(1.0) with { Dimensions = [("vin", new string('v', 70_000))] }));
        Assert.Equal("dimension 'vin' is there twice", Why(Of(1.0) with { Dimensions = [("b", "1"), ("vin", "a"), ("vin", "b")] }));
        Assert.Contains("'time': this name is kept", Why(Of(1.0) with { Dimensions = [("time", "a")] }), StringComparison.Ordinal);
        Assert.Contains("differs only in upper and lower case", Why(Of(1.0) with { Dimensions = [("VIN", "a")] }), StringComparison.Ordinal);
        Assert.Equal("version 0: versions begin at 1", Why(Of(1.0) with { Version = 0 }));
        Assert.Equal("measure 'x': a multi-measure record without a measure", Why(Of(new Dictionary<string, object>())));
        Assert.Equal("measure 'x' is TIMESTAMP; that is a type for multi-measure records only", Why(Of(DateTime.UnixEpoch)));
        Assert.Contains("measure 'ts_a': this name is kept", Why(Of(new Dictionary<string, object> { ["ts_a"] = 1.0 })), StringComparison.Ordinal);
        Assert.Equal(0, rig.Store.Stats.HotRows);
    }

    [Fact]
    public void Times_outside_the_window_are_refused_and_the_window_is_named()
    {
        using var rig = new SeriesRig();
        rig.Store.Declare(SeriesRig.Fleet, new TableOptions { Retention = TimeSpan.FromDays(1), FutureLimit = TimeSpan.FromMinutes(15) });
        var fifteenMinutes = 900 * SeriesRig.Second;
        var outcomes = rig.Write(
            SeriesRig.Speed("a", 1, Now + fifteenMinutes), SeriesRig.Speed("a", 1, Now + fifteenMinutes - 1),
            SeriesRig.Speed("b", 1, Now - SeriesRig.Day - 1), SeriesRig.Speed("b", 1, Now - SeriesRig.Day), SeriesRig.Speed("a", 1, long.MaxValue), SeriesRig.Speed("a", 1, long.MinValue));
        Assert.Equal([0, 2, 4, 5], outcomes.Refusals.Select(static refusal => refusal.Index));
        Assert.Equal(
            "The record timestamp is outside the time range [2026-05-31T00:00:00.000Z, 2026-06-01T00:15:00.000Z) of the data ingestion window. It is 2026-06-01 00:15:00.000000000.",
            outcomes.Refusals[0].Reason);
    }

    [Fact]
    public async Task A_series_may_have_128_dimensions_and_a_table_no_more()
    {
        using var rig = new SeriesRig();
        var dimensions = Enumerable.Range(0, 128).Select(static i => ($"d{i}", $"{i}")).ToArray();
        Assert.Empty(rig.Write(new Point("x", Now, 1.0) { Dimensions = dimensions }).Refusals);
        Assert.Single(rig.Write(new Point("x", Now + 1, 1.0) { Dimensions = [("one more", "a")] }).Refusals);
        Array.Reverse(dimensions);
        rig.Write(new Point("x", Now + 1, 2.0) { Dimensions = dimensions });
        await rig.MoveAsync();
        rig.Reopen();
        Assert.Equal(["0|127|1", "0|127|2"], await rig.LinesAsync("SELECT d0, d127, \"measure_value::double\" FROM fleet.telemetry ORDER BY time"));
        Assert.Equal(1, rig.Store.Stats.Series);
    }

    [Fact]
    public async Task Listings_come_from_memory_and_survive()
    {
        using var rig = new SeriesRig();
        rig.Write(SeriesRig.Speed("a", 1, Now), SeriesRig.Speed("b", 2, Now), SeriesRig.Speed("a", 3, Now + 5), new Point("trip", Now, new Dictionary<string, object> { ["km"] = 1.0 }));
        void Check()
        {
            var table = Assert.Single(rig.Store.Tables());
            Assert.Equal(["vin"], table.Dimensions);
            Assert.Equal([("speed", MeasureType.Double)], table.MeasureNames);
            Assert.Equal(["trip"], table.MultiMeasureNames);
            Assert.Equal([("km", (MeasureType?)MeasureType.Double)], table.Columns);
            Assert.Equal((3L, 4L), (table.Series, table.Rows));
            var (series, more) = rig.Store.Series(SeriesRig.Fleet, 2)!.Value;
            Assert.True(more);
            Assert.Equal(("a", "speed", Now + 5, 3.0), (series[0].Dimensions["vin"], series[0].MeasureName, series[0].NewestNs, series[0].Latest));
            Assert.Equal("b", Assert.Single(rig.Store.Series(SeriesRig.Fleet, 10, "B")!.Value.Series).Dimensions["vin"]);
        }

        Check();
        await rig.MoveAsync();
        rig.Reopen();
        Check();
        Assert.Null(rig.Store.Series(new TableName("no", "such"), 10));
    }

    [Fact]
    public async Task Names_that_SQL_cannot_tell_apart_or_the_engine_keeps_are_refused()
    {
        using var rig = new SeriesRig();
        rig.Store.Table(SeriesRig.Fleet);
        Assert.Equal(Fault.Refused, Assert.Throws<FaultException>(() => rig.Store.Table(new TableName("Fleet", "telemetry"))).Fault);
        Assert.Equal(Fault.Refused, Assert.Throws<FaultException>(() => rig.Store.Table(new TableName("information_schema", "x"))).Fault);
        rig.Write(SeriesRig.Speed("a", 1, Now) with { Table = new TableName("my-db", "a-table") });
        Assert.Equal(1, await rig.CountAsync("\"my-db\".\"a-table\""));
        var wrong = await rig.RefusedAsync("SELECT * FROM my-db.a-table");
        Assert.Contains("double quotes", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_names_and_many_columns_go_through_a_move()
    {
        using var rig = new SeriesRig();
        var name = new TableName(new string('d', 250), new string('t', 250));
        for (var i = 0; i < 40; i++)
            rig.Write(new Point("m", Now + i, new Dictionary<string, object> { [string.Create(CultureInfo.InvariantCulture, $"c{i}")] = (double)i }) { Table = name });
        await rig.MoveAsync();
        Assert.Equal(["0|39|40"], await rig.LinesAsync($"SELECT max(c0), max(c39), count(*) FROM {name}"));
    }

    [Fact]
    public void More_series_than_allowed_are_refused()
    {
        using var rig = new SeriesRig(new SeriesOptions { Threads = 1, MaxSeries = 2 });
        var outcomes = rig.Write(SeriesRig.Speed("a", 1, Now), SeriesRig.Speed("b", 1, Now), SeriesRig.Speed("c", 1, Now), SeriesRig.Speed("a", 1, Now + 1));
        Assert.Equal("this would be series 3 of the store, which takes 2 (series.maxSeries)", Assert.Single(outcomes.Refusals).Reason);
    }
}
