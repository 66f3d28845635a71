using Millrace.Contracts.Tables;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Tests.Storage.Series;

/// <summary>Scans of a table against a plain dictionary that was told the same: whatever was written late, replaced, moved or merged.</summary>
public sealed class ScanTests
{
    private const long Now = SeriesRig.Now;
    private const int Cars = 12;

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public async Task A_scan_hands_out_what_was_written_last(int seed)
    {
        using var rig = new SeriesRig(new SeriesOptions { Threads = 2 });
        var random = new Random(seed);
        var expected = new Dictionary<(string Vin, long TimeNs), (double Value, long Version)>();
        var moved = expected;
        for (var round = 0; round < 12; round++)
        {
            var points = Enumerable.Range(0, random.Next(1, 3000)).Select(_ => SeriesRig.Speed(
                $"car{random.Next(Cars)}", random.Next(1000), Now - (random.Next(20_000) * SeriesRig.Second), random.Next(10) == 0 ? random.Next(1, 4) : 1)).ToList();
            Tell(expected, points);
            rig.Write(points);
            if (round == 0 || random.Next(3) == 0)
            {
                await rig.MoveAsync();
                moved = new(expected);
            }

            if (random.Next(6) == 0)
            {
                rig.Reopen();
                expected = new(moved);
            }

            if (round % 3 == 2) await CheckAsync(rig, expected, random);
        }
    }

    [Fact]
    public async Task A_snapshot_sees_neither_what_comes_after_it_nor_that_rows_move_and_their_files_merge()
    {
        using var rig = new SeriesRig();
        rig.Write(Enumerable.Range(0, 5000).Select(static i => SeriesRig.Speed($"car{i % Cars}", i, Now - (10_000 * SeriesRig.Second) + (i * SeriesRig.Second))));
        await rig.MoveAsync();
        rig.Write(SeriesRig.Speed("car0", 1, Now), SeriesRig.Speed("car1", 2, Now, version: 3));
        var table = (SeriesTable)rig.Store.Table(SeriesRig.Fleet);
        using (var snapshot = table.Snapshot(rig.Clock.GetUtcNow()))
        {
            var before = Rows(snapshot, ScanRange.All);
            Assert.Equal(5002, before.Count);
            for (var i = 0; i < 20; i++)
            {
                rig.Write(SeriesRig.Speed("car1", 100 + i, Now, version: 4 + i), SeriesRig.Speed("car1", 1, Now - (20_000 * SeriesRig.Second) - i), SeriesRig.Speed($"new{i}", 1, Now));
                await rig.MoveAsync();
                Assert.Equal(before, Rows(snapshot, ScanRange.All));
            }

            await rig.SettledAsync();
            Assert.Equal(before, Rows(snapshot, ScanRange.All));
            var into = new RowColumns();
            Assert.True(snapshot.TryLatest(CodeOf(table, "car1"), [], new RowColumns(), into));
            Assert.Equal(Now, into.TimeNs[0]);
            Assert.Equal(table.Series.Count - 20, snapshot.SeriesCount);
        }

        await rig.SettledAsync();
        Assert.Equal(rig.Store.Stats.Files, Directory.GetFiles(rig.FullPath("series/tables"), "*.blocks", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Two_mentions_of_a_table_in_one_statement_are_of_one_moment()
    {
        using var rig = new SeriesRig(new SeriesOptions { Threads = 2 });
        rig.Write(SeriesRig.Speed("a", 0, Now - SeriesRig.Day));
        var stop = false;
        var writer = Task.Run(
            () =>
            {
                for (var i = 1; !Volatile.Read(ref stop); i++) rig.Write(SeriesRig.Speed("a", i, Now - SeriesRig.Day + i));
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 50; i++)
        {
            var row = (await rig.RowsAsync("SELECT (SELECT count(*) FROM fleet.telemetry), (SELECT count(time) FROM fleet.telemetry), max(\"measure_value::double\") + 1 FROM fleet.telemetry"))[0];
            Assert.Equal(row[0], row[1]);
            Assert.Equal((long)row[0]!, (double)row[2]!);
        }

        Volatile.Write(ref stop, true);
        await writer;
    }

    [Fact]
    public async Task A_damaged_file_ends_the_query_that_reads_it_and_is_named()
    {
        using var rig = new SeriesRig();
        rig.Write(Enumerable.Range(0, 1000).Select(static i => SeriesRig.Speed("a", i * 1.1, Now - (2000 * SeriesRig.Second) + i)));
        await rig.MoveAsync();
        var path = Assert.Single(Directory.GetFiles(rig.FullPath("series/tables"), "*.blocks", SearchOption.AllDirectories));
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[200] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var failed = await rig.RefusedAsync("SELECT median(\"measure_value::double\"), max(time) FROM fleet.telemetry");
        Assert.Contains(".blocks, byte", failed.Message, StringComparison.Ordinal);
        Assert.Equal(["1"], await rig.LinesAsync("SELECT 1"));
    }

    [Fact]
    public async Task Columns_and_dimensions_that_come_later_are_null_in_the_rows_before()
    {
        using var rig = new SeriesRig();
        rig.Write(SeriesRig.Speed("a", 1, Now));
        Assert.Equal(1, await rig.CountAsync());
        await rig.MoveAsync();
        Assert.Equal(1, await rig.CountAsync());
        rig.Write(new Point("name", Now, "a text that is longer than twelve bytes") { Dimensions = [("vin", "b"), ("site", "x")] });
        rig.Write(SeriesRig.Speed("a", 2, Now + 1, version: 2));
        string[] expected = ["a||1|", "a||2|", "b|x||a text that is longer than twelve bytes"];
        const string sql = "SELECT vin, site, \"measure_value::double\", \"measure_value::varchar\" FROM fleet.telemetry ORDER BY vin, time";
        Assert.Equal(expected, await rig.LinesAsync(sql));
        await rig.MoveAsync();
        Assert.Equal(expected, await rig.LinesAsync(sql));
        Assert.Equal(["1|2"], await rig.LinesAsync("SELECT count(*) FILTER (site IS NULL AND time > make_timestamp_ns(" + Now + ")), count(DISTINCT vin) FROM fleet.telemetry"));
    }

    [Fact]
    public void A_scan_that_was_stopped_ends()
    {
        using var rig = new SeriesRig();
        rig.Write(Enumerable.Range(0, 5000).Select(static i => SeriesRig.Speed("a", i, Now - 5000 + i)));
        using var snapshot = ((SeriesTable)rig.Store.Table(SeriesRig.Fleet)).Snapshot(rig.Clock.GetUtcNow());
        var scan = new SeriesScan(snapshot, ScanRange.All, []);
        var reader = scan.Read();
        Assert.True(reader.Next());
        scan.Stopped = true;
        Assert.Throws<OperationCanceledException>(() => reader.Next());
    }

    [Theory, InlineData(0, 0), InlineData(5, 5), InlineData(0, 999), InlineData(63, 64), InlineData(64, 127), InlineData(130, 2000)]
    public void A_set_of_series_knows_whether_one_of_a_stretch_is_in_it(int first, int last)
    {
        var set = new SeriesSet(200, [199, 3, 64, 63, 3]);
        Assert.Equal(4, set.Count);
        Assert.Equal([3, 63, 64, 199], set.Codes.ToArray());
        Assert.Equal(set.Codes.ToArray().Any(code => code >= first && code <= last), set.AnyOf(first, last));
        Assert.False(set.Contains(5000));
    }

    private static void Tell(Dictionary<(string Vin, long TimeNs), (double Value, long Version)> expected, List<Point> points)
    {
        foreach (var point in points)
        {
            var key = (point.Dimensions[0].Value, point.TimeNs);
            if (!expected.TryGetValue(key, out var known) || point.Version > known.Version) expected[key] = ((double)point.Value, point.Version);
        }
    }

    private static async Task CheckAsync(SeriesRig rig, Dictionary<(string Vin, long TimeNs), (double Value, long Version)> expected, Random random)
    {
        var rows = await rig.RowsAsync("SELECT vin, epoch_ns(time), \"measure_value::double\" FROM fleet.telemetry");
        Assert.Equal(
            expected.Select(static one => (one.Key.Vin, one.Key.TimeNs, one.Value.Value)).Order(),
            rows.Select(static row => ((string)row[0]!, (long)row[1]!, (double)row[2]!)).Order());
        var table = (SeriesTable)rig.Store.Table(SeriesRig.Fleet);
        using var snapshot = table.Snapshot(rig.Clock.GetUtcNow());
        var vins = Enumerable.Range(0, table.Series.Count).Select(code => table.Series.Describe(code, table.Dimensions).Dimensions["vin"]).ToArray();
        var all = expected.Select(one => (Array.IndexOf(vins, one.Key.Vin), one.Key.TimeNs, one.Value.Value)).Order().ToList();
        Assert.Equal(all, Rows(snapshot, ScanRange.All));
        for (var i = 0; i < 10; i++)
        {
            var codes = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(vins.Length)).ToArray();
            var (from, to) = (Now - (random.Next(20_000) * SeriesRig.Second), Now - (random.Next(20_000) * SeriesRig.Second));
            var range = new ScanRange { Series = random.Next(2) == 0 ? null : new SeriesSet(vins.Length, codes), FromNs = Math.Min(from, to), ToNs = Math.Max(from, to) };
            Assert.Equal(
                all.Where(row => (range.Series is null || codes.Contains(row.Item1)) && row.TimeNs >= range.FromNs && row.TimeNs <= range.ToNs),
                Rows(snapshot, range));
        }

        var slot = table.KnownSingleSlot(MeasureType.Double);
        var (scratch, into) = (new RowColumns(), new RowColumns());

        // Again: what was found in files is kept, with the columns that were asked for.
        for (var i = 0; i < vins.Length * 2; i++)
        {
            var code = i % vins.Length;
            if (i < 3) snapshot.TryLatest(code, [], scratch, into);
            RowCopy.Prepare(into, [slot], snapshot.Stored);
            var newest = all.Where(row => row.Item1 == code).Select(static row => ((long, double)?)(row.TimeNs, row.Value)).LastOrDefault();
            Assert.Equal(newest is not null, snapshot.TryLatest(code, [slot], scratch, into));
            if (newest is not var (time, value)) continue;
            Assert.Equal((1, code, time, value), (into.Count, into.Series[0], into.TimeNs[0], BitConverter.Int64BitsToDouble(into.Columns[slot]!.Bits[0])));
        }
    }

    private static List<(int Series, long TimeNs, double Value)> Rows(TableSnapshot snapshot, ScanRange range)
    {
        var slot = snapshot.Table.KnownSingleSlot(MeasureType.Double);
        var scan = new SeriesScan(snapshot, range, [slot]);
        var rows = new List<(int, long, double)>();
        var reader = scan.Read();
        while (reader.Next())
        {
            Assert.InRange(reader.Count, 1, RowColumns.Capacity);
            for (var row = 0; row < reader.Count; row++) rows.Add((reader.Rows.Series[row], reader.Rows.TimeNs[row], BitConverter.Int64BitsToDouble(reader.Rows.Columns[slot]!.Bits[row])));
        }

        rows.Sort();
        return rows;
    }

    private static int CodeOf(SeriesTable table, string vin) =>
        Enumerable.Range(0, table.Series.Count).First(code => table.Series.Describe(code, table.Dimensions).Dimensions["vin"] == vin);
}
