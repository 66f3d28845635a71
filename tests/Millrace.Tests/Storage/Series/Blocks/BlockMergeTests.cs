using Millrace.Contracts.Tables;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series.Blocks;

public sealed class BlockMergeTests
{
    private static readonly StoredColumn[] Columns =
    [
        .. StoredColumn.First, new(StoredColumn.Version, MeasureType.Bigint), new("m0", MeasureType.Bigint), new("m1", MeasureType.Varchar),
    ];

    private readonly MemoryDisk _disk = new();

    /// <summary>Against the obvious way: all rows in one list, sorted, and the best of each key taken.</summary>
    [Theory, Seeds(60)]
    public void Of_each_series_and_time_the_best_row_stays(int seed)
    {
        var random = new Random(seed);
        var spread = random.Next(3) switch { 0 => 20, 1 => 2000, _ => 100_000 };
        var most = random.Next(2) == 0 ? 50 : 6000;
        var lists = Enumerable.Range(0, random.Next(1, 6)).Select(file => Rows(random, file, random.Next(most), spread)).ToList();
        long[] cuts = random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.NextInt64(spread)).Distinct().Order()];
        Func<int, long, long, bool> keep = random.Next(2) == 0 ? static (_, _, _) => true : static (series, time, version) => (series + time + version) % 7 != 0;

        var parts = Merge(lists, cuts, keep);
        var expected = lists.SelectMany(static (rows, file) => rows.Select(row => (Row: row, File: file)))
            .Where(one => keep(one.Row.Series, one.Row.Time, one.Row.Version))
            .GroupBy(static one => (one.Row.Series, one.Row.Time))
            .Select(static group => group.OrderByDescending(static one => one.Row.Version).ThenBy(static one => one.File).First().Row)
            .OrderBy(static row => row.Series).ThenBy(static row => row.Time).ToList();
        for (var part = 0; part <= cuts.Length; part++)
        {
            var (from, to) = (part == 0 ? long.MinValue : cuts[part - 1], part == cuts.Length ? long.MaxValue : cuts[part] - 1);
            var rows = expected.Where(row => row.Time >= from && row.Time <= to).ToList();
            Assert.Equal(rows.Count > 0, parts.Any(one => one.Number == part));
            if (rows.Count == 0) continue;
            var (_, path, summary) = parts.Single(one => one.Number == part);
            Assert.Equal((rows.Count, rows.Min(static row => row.Time), rows.Max(static row => row.Time)), (summary.Rows, summary.FromNs, summary.ToNs));
            using var file = BlockFile.Open(_disk, path, Columns);
            Assert.Equal(rows.SelectMany(static row => SomeRows.Lines(Columnar([row]).Single(), Columns.Length)), BlockRig.Lines(file, Columns));
            Assert.Empty(BlockVerify.Run(_disk, path, Columns, TestContext.Current.CancellationToken));
        }

        Assert.Equal(0, _disk.OpenFiles);
    }

    [Fact]
    public void A_merge_that_is_stopped_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var random = new Random(1);
        var lists = new[] { Rows(random, 0, 9000, 100_000), Rows(random, 1, 9000, 100_000) };
        Assert.Throws<OperationCanceledException>(() => Merge(lists, [500], (_, time, _) =>
        {
            if (time > 90_000) stop.Cancel();
            return true;
        }, stop.Token));
        Assert.Equal(["in/0", "in/1"], _disk.Paths("in").Concat(_disk.Paths("out")));
        Assert.Equal(0, _disk.OpenFiles);
    }

    [Fact]
    public void Files_with_fewer_columns_are_null_in_the_later_ones()
    {
        BlockRig.Write(_disk, "in/a", Columns[..3], Columnar([new Row(1, 5, 1, 0, "")], Columns[..3]));
        BlockRig.Write(_disk, "in/b", Columns, Columnar([new Row(1, 4, 1, 7, "seven")]));
        using var few = BlockFile.Open(_disk, "in/a", Columns);
        using var all = BlockFile.Open(_disk, "in/b", Columns);
        var part = BlockMerge.Run(_disk, Columns, [few, all], [], static _ => "out", static (_, _, _) => true, TestContext.Current.CancellationToken).Single();
        using var file = BlockFile.Open(_disk, part.Path, Columns);
        Assert.Equal(["1 4 1 7 '736576656E'", "1 5 1 null null"], BlockRig.Lines(file, Columns));
    }

    private IReadOnlyList<BlockPart> Merge(IReadOnlyList<List<Row>> lists, long[] cuts, Func<int, long, long, bool> keep, CancellationToken stop = default)
    {
        var files = new List<BlockFile>();
        for (var number = 0; number < lists.Count; number++)
        {
            BlockRig.Write(_disk, $"in/{number}", Columns, Columnar(lists[number]));
            files.Add(BlockFile.Open(_disk, $"in/{number}", Columns));
        }

        try
        {
            return BlockMerge.Run(_disk, Columns, files, cuts, static part => $"out/{part}", keep, stop);
        }
        finally
        {
            files.ForEach(static file => file.Dispose());
        }
    }

    private static List<Row> Rows(Random random, int file, int count, int spread) =>
    [
        .. Enumerable.Range(0, count).Select(_ => new Row(random.Next(4), random.Next(spread), random.Next(1, 4), random.Next(5), $"text of file {file}"))
            .DistinctBy(static row => (row.Series, row.Time, row.Version))
            .OrderBy(static row => row.Series).ThenBy(static row => row.Time).ThenBy(static row => row.Version),
    ];

    private static List<RowColumns> Columnar(List<Row> rows, StoredColumn[]? columns = null) =>
    [
        .. rows.Chunk(RowColumns.Capacity).Select(chunk =>
        {
            var some = new RowColumns { Count = chunk.Length };
            some.Columns = [.. (columns ?? Columns).Select(static (column, slot) => slot < 2 ? null : new RowColumn(column.Type))];
            for (var row = 0; row < chunk.Length; row++)
            {
                some.Series[row] = chunk[row].Series;
                some.TimeNs[row] = chunk[row].Time;
                some.Columns[2]!.Set(row, chunk[row].Version);
                if (some.Columns.Length == 3) continue;
                some.Columns[3]!.Set(row, chunk[row].Number);
                some.Columns[4]!.Set(row, System.Text.Encoding.UTF8.GetBytes(chunk[row].Text));
            }

            return some;
        }),
    ];

    private readonly record struct Row(int Series, long Time, long Version, long Number, string Text);
}
