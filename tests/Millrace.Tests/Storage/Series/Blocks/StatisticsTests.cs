using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Storage.Files;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;
using Millrace.Testing.Mqtt;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series.Blocks;

public sealed class StatisticsTests
{
    private const string Path = "series/rows.blocks";

    private readonly MemoryDisk _disk = new();

    [Theory, Seeds(60)]
    public void They_are_those_of_the_values(int seed)
    {
        var random = new Random(seed);
        var columns = SomeRows.Columns(random);
        BlockRig.Write(_disk, Path, columns, SomeRows.Sorted(random, columns, random.Next(30_000)));
        using var file = BlockFile.Open(_disk, Path, columns);
        var known = BlockRig.Statistics(file, columns).ToDictionary(static one => (one.Block, one.Slot), static one => one.Known);
        var column = new RowColumn(MeasureType.Double);
        for (var block = 0; block < file.Blocks.Length; block++)
            for (var slot = StoredColumn.First.Length; slot < columns.Length; slot++)
            {
                if (column.Type != columns[slot].Type) column = new RowColumn(columns[slot].Type);
                file.ReadColumn(block, slot, column);
                var expected = Expected(column, file.Blocks[block].Rows);
                Assert.Equal(expected is not null, known.TryGetValue((block, slot), out var found));
                Assert.True(expected is null || found.IsSame(expected.Value, column.Type), $"block {block}, column {slot}: {found}, and the values {expected}");
            }
    }

    [Fact]
    public void They_take_few_bytes()
    {
        StoredColumn[] columns = [.. StoredColumn.First, new("m0", MeasureType.Double), new("m1", MeasureType.Double)];
        var (random, rows, walk) = (new Random(1), SomeRows.Sorted(new Random(5), StoredColumn.First, 100_000), 500.0);
        foreach (var some in rows)
        {
            some.Columns = [null, null, new RowColumn(MeasureType.Double), new RowColumn(MeasureType.Double)];
            for (var row = 0; row < some.Count; row++)
            {
                some.Columns[2]!.Set(row, BitConverter.DoubleToInt64Bits(Math.Round(walk += random.NextDouble() - 0.5, 1)));
                some.Columns[3]!.Set(row, BitConverter.DoubleToInt64Bits(1.0 / random.Next(1, 1000)));
            }
        }

        BlockRig.Write(_disk, Path, columns, rows);
        using var file = BlockFile.Open(_disk, Path, columns);
        var bytes = 0L;
        for (var group = 0; group <= file.Blocks[^1].Group; group++)
            for (var slot = 2; slot < 4; slot++) bytes += file.StatisticsAt(group, slot).Bytes;
        Assert.InRange(bytes, 1, (long)(0.03 * 2 * 100_000));
    }

    [Theory, Seeds(300)]
    public void Hostile_ones_are_refused_or_could_be_true(int seed)
    {
        var random = new Random(seed);
        var type = seed % 2 == 0 ? MeasureType.Double : MeasureType.Bigint;
        var rows = Enumerable.Range(0, random.Next(1, BlockLimits.BlocksPerGroup + 1)).Select(_ => random.Next(1, 2049)).ToArray();
        var blocks = Array.ConvertAll(rows, static count => new BlockEntry(1, 1, 0, 1, count, 0));
        var piece = new ByteSink();
        while (piece.Count == 0) StatisticsCodec.Encode(type, rows, [.. rows.Select(count => Some(random, type, count))], piece);
        var bytes = piece.Written.ToArray();
        var into = new ColumnStatistics[blocks.Length];
        StatisticsCodec.Decode(bytes, type, blocks, into);
        for (var i = 0; i < 50; i++)
        {
            try
            {
                StatisticsCodec.Decode(Mutation.Of(random, bytes, bytes), type, blocks, into);
                Assert.All(into.Zip(rows), static pair => Assert.InRange(pair.First.Count, 0, pair.Second));
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void A_lie_whose_checksum_fits_is_found_by_comparing_it_with_the_values()
    {
        StoredColumn[] columns = [.. StoredColumn.First, new("m0", MeasureType.Bigint)];
        var rows = new RowColumns { Count = 100, Columns = [null, null, new RowColumn(MeasureType.Bigint)] };
        for (var row = 0; row < 100; row++)
        {
            rows.TimeNs[row] = row;
            rows.Columns[2]!.Set(row, row % 10);
        }

        BlockRig.Write(_disk, Path, columns, [rows]);
        Put(columns, new ColumnStatistics(100, 451, 0, 9));
        var fault = Assert.Single(BlockVerify.Run(_disk, Path, columns, TestContext.Current.CancellationToken));
        Assert.Contains("Sum = 451", fault, StringComparison.Ordinal);
        Assert.Contains("Sum = 450", fault, StringComparison.Ordinal);
        Put(columns, new ColumnStatistics(100, 450, 0, 9));
        Assert.Empty(BlockVerify.Run(_disk, Path, columns, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_cannot_be_true_of_any_values_is_corrupt_with_file_and_byte()
    {
        StoredColumn[] columns = [.. StoredColumn.First, new("m0", MeasureType.Bigint)];
        var rows = new RowColumns { Count = 100, Columns = [null, null, new RowColumn(MeasureType.Bigint)] };
        for (var row = 0; row < 100; row++) rows.Columns[2]!.Set(row, 7);
        BlockRig.Write(_disk, Path, columns, [rows]);
        Put(columns, new ColumnStatistics(100, 710, 7, 7));
        using var file = BlockFile.Open(_disk, Path, columns);
        var fault = Assert.Throws<FaultException>(() => BlockRig.Statistics(file, columns));
        Assert.Equal(Fault.Corrupt, fault.Fault);
        Assert.StartsWith($"{Path}, byte {file.StatisticsAt(0, 2).At}: statistics of column 2 in group 0: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(100, BlockRig.Lines(file, columns).Count);
    }

    /// <summary>Puts other statistics of the only block into the file, with their checksum.</summary>
    private void Put(StoredColumn[] columns, ColumnStatistics lie)
    {
        using var file = BlockFile.Open(_disk, Path, columns);
        var piece = new ByteSink();
        StatisticsCodec.Encode(MeasureType.Bigint, [100], [lie], piece);
        piece.Word(BlockChecksum.Of(0, BlockChecksum.StatisticsOf(2), piece.Written));
        var (at, length) = file.StatisticsAt(0, 2);
        Assert.Equal(length, piece.Count);
        var bytes = _disk.Bytes(Path);
        piece.Written.CopyTo(bytes.AsSpan((int)at));
        _disk.Put(Path, bytes);
    }

    private static ColumnStatistics Some(Random random, MeasureType type, int rows)
    {
        var (least, most) = (random.Next(1000), random.Next(1000, 100_000));
        var count = random.Next(rows + 1);
        return type == MeasureType.Bigint
            ? new ColumnStatistics(count, (long)least * count, least, most)
            : new ColumnStatistics(count, Bits(random.NextDouble() * 1000), Bits(least / 10.0), Bits(most));
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    // As the page about the format says it, one value after the other.
    private static ColumnStatistics? Expected(RowColumn column, int rows)
    {
        var valid = Enumerable.Range(0, rows).Where(column.IsValid).ToList();
        if (column.Type is not (MeasureType.Double or MeasureType.Bigint)) return valid.Count == 0 ? default(ColumnStatistics) : null;
        if (valid.Count == 0) return default(ColumnStatistics);
        if (column.Type == MeasureType.Bigint)
        {
            var whole = valid.Aggregate(Int128.Zero, (sum, row) => sum + column.Bits[row]);
            return whole < long.MinValue || whole > long.MaxValue ? null : new ColumnStatistics(valid.Count, (long)whole, valid.Min(row => column.Bits[row]), valid.Max(row => column.Bits[row]));
        }

        var parts = new double[8];
        foreach (var row in valid) parts[row % 8] += BitConverter.Int64BitsToDouble(column.Bits[row]);
        var sum = (parts[0] + parts[4] + (parts[1] + parts[5])) + ((parts[2] + parts[6]) + (parts[3] + parts[7]));
        if (!double.IsFinite(sum)) return null;
        var values = valid.ConvertAll(row => BitConverter.Int64BitsToDouble(column.Bits[row]));
        return new ColumnStatistics(valid.Count, Bits(sum), Bits(values.Min()), Bits(values.Max()));
    }
}
