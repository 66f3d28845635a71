using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series.Blocks;

public sealed class BlockFileTests
{
    private const string Path = "series/rows.blocks";

    private readonly MemoryDisk _disk = new();

    [Theory, Seeds(60)]
    public void Rows_come_back_with_every_bit(int seed)
    {
        var random = new Random(seed);
        var columns = SomeRows.Columns(random);
        var rows = SomeRows.Sorted(random, columns, random.Next(seed < 5 ? 3 : 12_000));
        var summary = BlockRig.Write(_disk, Path, columns, rows);
        var expected = rows.SelectMany(some => SomeRows.Lines(some, columns.Length)).ToList();
        using var file = BlockFile.Open(_disk, Path, columns);
        Assert.Equal(expected, BlockRig.Lines(file, columns));
        Assert.Equal((expected.Count, _disk.Bytes(Path).Length), (summary.Rows, summary.Bytes));
        Assert.Empty(BlockVerify.Run(_disk, Path, columns, TestContext.Current.CancellationToken));
        Assert.Equal(expected, BlockRig.LinesAhead(file, columns));
        if (expected.Count == 0) return;
        var times = rows.SelectMany(static some => some.TimeNs.Take(some.Count)).ToList();
        Assert.Equal((times.Min(), times.Max()), (summary.FromNs, summary.ToNs));
    }

    [Theory, Seeds(10)]
    public void The_blocks_of_a_series_have_all_its_rows(int seed)
    {
        var random = new Random(seed);
        var rows = SomeRows.Sorted(random, StoredColumn.First, 9000);
        BlockRig.Write(_disk, Path, StoredColumn.First, rows);
        using var file = BlockFile.Open(_disk, Path, StoredColumn.First);
        var all = rows.SelectMany(static some => some.Series.Take(some.Count)).ToList();
        for (var series = all[0] - 1; series <= all[^1] + 1; series++)
        {
            var (first, end) = file.BlocksOf(series);
            var found = 0;
            var some = new RowColumns();
            for (var block = first; block < end; block++)
            {
                file.Read(block, [], some);
                found += some.Series.Take(some.Count).Count(code => code == series);
            }

            Assert.Equal(all.Count(code => code == series), found);
            if (found > 0) Assert.True(end - first <= (found / BlockLimits.RowsBeforeNextSeries) + 2, $"{found} rows in {end - first} blocks");
        }
    }

    [Fact]
    public void Columns_not_asked_for_and_columns_the_file_does_not_have_are_not_read()
    {
        var random = new Random(1);
        StoredColumn[] columns = [.. StoredColumn.First, new("m0", MeasureType.Double), new("m1", MeasureType.Varchar), new("m2", MeasureType.Bigint)];
        var rows = SomeRows.Sorted(random, columns[..4], 5000);
        BlockRig.Write(_disk, Path, columns[..4], rows);
        using var file = BlockFile.Open(_disk, Path, columns);
        Assert.Equal(4, file.Columns);
        var some = new RowColumns();
        file.Read(0, [2, 3, 4], some);
        Assert.Equal(SomeRows.Lines(rows[0], 5).First(), SomeRows.Lines(some, 5).First());
        Assert.False(some.Columns[4]!.IsValid(0));
        file.Read(0, [4], some);
        Assert.Null(some.Columns[2]);
        Assert.Null(some.Columns[3]);
    }

    [Fact]
    public void Walking_sensors_take_less_than_a_byte_a_value()
    {
        var random = new Random(1);
        StoredColumn[] columns = [.. StoredColumn.First, .. Enumerable.Range(0, 4).Select(static i => new StoredColumn($"m{i}", MeasureType.Double))];
        var rows = SomeRows.Sorted(new Random(5), StoredColumn.First, 40_000);
        var values = new double[4];
        foreach (var some in rows)
        {
            some.Columns = [null, null, .. columns.Skip(2).Select(static column => new RowColumn(column.Type))];
            for (var row = 0; row < some.Count; row++)
                for (var i = 0; i < 4; i++)
                    some.Columns[i + 2]!.Set(row, BitConverter.DoubleToInt64Bits(Math.Round(values[i] += (random.NextDouble() - 0.5) * 10, i / 2)));
        }

        var summary = BlockRig.Write(_disk, Path, columns, rows);
        BlockRig.Write(_disk, "times", StoredColumn.First, rows);
        Assert.InRange(summary.Bytes - _disk.Bytes("times").Length, 1, 4 * 40_000);
    }

    [Fact]
    public void A_writer_refuses_rows_that_are_not_sorted()
    {
        using var writer = new BlockFileWriter(_disk, Path, StoredColumn.First);
        var rows = new RowColumns { Count = 2 };
        (rows.TimeNs[0], rows.TimeNs[1]) = (5, 4);
        Assert.Contains("row 1", Assert.Throws<ArgumentException>(() => writer.Append(rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_table_is_refused()
    {
        BlockRig.Write(_disk, Path, [.. StoredColumn.First, new("m0", MeasureType.Double)], []);
        var fault = Assert.Throws<FaultException>(() => BlockFile.Open(_disk, Path, [.. StoredColumn.First, new("m0", MeasureType.Bigint)]));
        Assert.Equal(Fault.Corrupt, fault.Fault);
        Assert.Contains("column 2 is 'm0' Double, and the table's is 'm0' Bigint", fault.Message, StringComparison.Ordinal);
        Assert.Throws<FaultException>(() => BlockFile.Open(_disk, Path, StoredColumn.First));
        Assert.Throws<FaultException>(() => BlockFile.Open(_disk, "no/such.blocks", StoredColumn.First));
        Assert.Equal(0, _disk.OpenFiles);
    }

    [Fact]
    public void Long_texts_end_a_block_early()
    {
        StoredColumn[] columns = [.. StoredColumn.First, new("m0", MeasureType.Varchar)];
        var rows = new RowColumns { Count = 100, Columns = [null, null, new RowColumn(MeasureType.Varchar)] };
        var bytes = new byte[60_000];
        for (var row = 0; row < 100; row++)
        {
            new Random(row).NextBytes(bytes);
            rows.Columns[2]!.Set(row, bytes);
        }

        BlockRig.Write(_disk, Path, columns, [rows]);
        using var file = BlockFile.Open(_disk, Path, columns);
        Assert.Equal(6, file.Blocks.Length);
        Assert.Equal(SomeRows.Lines(rows, 3), BlockRig.Lines(file, columns));
    }
}
