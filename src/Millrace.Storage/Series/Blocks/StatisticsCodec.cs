using System.Numerics;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Blocks;

/// <summary>The statistics of one column in the blocks of a group, as few bytes.</summary>
internal static class StatisticsCodec
{
    /// <param name="type">Of the column.</param>
    /// <param name="rows">Of each block.</param>
    /// <param name="statistics">Of each block; without values where there are none.</param>
    /// <param name="into">Gets nothing where no block has any.</param>
    public static void Encode(MeasureType type, ReadOnlySpan<int> rows, ReadOnlySpan<ColumnStatistics> statistics, ByteSink into)
    {
        var blocks = 0UL;
        for (var block = 0; block < rows.Length; block++)
            if (statistics[block].Count > 0) blocks |= 1UL << block;
        if (blocks == 0) return;
        var count = BitOperations.PopCount(blocks);
        var parts = new Parts(stackalloc long[Parts.Count * count]);
        var at = 0;
        for (var left = blocks; left != 0; left &= left - 1, at++)
        {
            var block = BitOperations.TrailingZeroCount(left);
            parts.Nulls[at] = rows[block] - statistics[block].Count;
            (parts.Sums[at], parts.Least[at], parts.Most[at]) = (statistics[block].Sum, statistics[block].Least, statistics[block].Most);
        }

        into.Varint(blocks);
        IntCodec.Encode(parts.Nulls, into);
        Encode(type, parts.Sums, into);
        Encode(type, parts.Least, into);
        Encode(type, parts.Most, into);
    }

    /// <param name="piece">Without its checksum.</param>
    /// <param name="type">Of the column.</param>
    /// <param name="blocks">Of the group.</param>
    /// <param name="into">As many as blocks; without values where there are none.</param>
    /// <exception cref="InvalidDataException">No encoder wrote this.</exception>
    public static void Decode(ReadOnlySpan<byte> piece, MeasureType type, ReadOnlySpan<BlockEntry> blocks, Span<ColumnStatistics> into)
    {
        into.Clear();
        var from = new ByteParser(piece);
        var which = from.Varint();
        if (which == 0 || which >> blocks.Length != 0) ByteParser.Broken($"statistics of blocks {which:x}, where there are {blocks.Length}");
        var parts = new Parts(stackalloc long[Parts.Count * BitOperations.PopCount(which)]);
        IntCodec.Decode(ref from, parts.Nulls);
        Decode(ref from, type, parts.Sums);
        Decode(ref from, type, parts.Least);
        Decode(ref from, type, parts.Most);
        if (!from.AtEnd) ByteParser.Broken("it goes on behind its end");
        for (var at = 0; which != 0; which &= which - 1, at++)
        {
            var block = BitOperations.TrailingZeroCount(which);
            var (rows, nulls) = (blocks[block].Rows, parts.Nulls[at]);
            if (nulls < 0 || nulls >= rows) ByteParser.Broken($"{nulls} nulls in {rows} rows");
            var one = new ColumnStatistics(rows - (int)nulls, parts.Sums[at], parts.Least[at], parts.Most[at]);
            if (!(type == MeasureType.Double ? AreOfDoubles(one) : AreOfNumbers(one))) ByteParser.Broken($"statistics that no values have: {one}");
            into[block] = one;
        }
    }

    private static void Encode(MeasureType type, ReadOnlySpan<long> values, ByteSink into)
    {
        if (type == MeasureType.Double) DoubleCodec.Encode(values, into);
        else IntCodec.Encode(values, into);
    }

    private static void Decode(ref ByteParser from, MeasureType type, scoped Span<long> values)
    {
        if (type == MeasureType.Double) DoubleCodec.Decode(ref from, values);
        else IntCodec.Decode(ref from, values);
    }

    private static bool AreOfDoubles(in ColumnStatistics one)
    {
        var (sum, least, most) = (BitConverter.Int64BitsToDouble(one.Sum), BitConverter.Int64BitsToDouble(one.Least), BitConverter.Int64BitsToDouble(one.Most));
        return double.IsFinite(sum) && double.IsFinite(least) && double.IsFinite(most) && least <= most;
    }

    private static bool AreOfNumbers(in ColumnStatistics one) =>
        one.Least <= one.Most && one.Sum >= (Int128)one.Least * one.Count && one.Sum <= (Int128)one.Most * one.Count;

    /// <summary>One number of each kind for each block that has statistics.</summary>
    private readonly ref struct Parts(Span<long> numbers)
    {
        public const int Count = 4;

        public Span<long> Nulls { get; } = numbers[..(numbers.Length / Count)];

        public Span<long> Sums { get; } = numbers[(numbers.Length / Count)..(numbers.Length / 2)];

        public Span<long> Least { get; } = numbers[(numbers.Length / 2)..(numbers.Length * 3 / Count)];

        public Span<long> Most { get; } = numbers[(numbers.Length * 3 / Count)..];
    }
}
