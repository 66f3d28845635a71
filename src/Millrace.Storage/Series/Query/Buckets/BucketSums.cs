using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Adds a run of rows, all of one bucket, to what the bucket has of one measure. The loops that a query over many rows spends its time in.</summary>
internal static class BucketSums
{
    // All bits of the lanes whose bits are set in the index.
    private static readonly long[] Masks = [.. Enumerable.Range(0, 16).SelectMany(static bits => Enumerable.Range(0, 4).Select(lane => (bits >> lane & 1) != 0 ? -1L : 0))];

    /// <param name="column">What is gathered.</param>
    /// <param name="bucket">Of which bucket.</param>
    /// <param name="values">The stored column.</param>
    /// <param name="timeNs">The rows' times.</param>
    /// <param name="present">A bit for each row that is wanted and not null.</param>
    /// <param name="areOthersZero">All bits of the values of other rows are.</param>
    /// <param name="from">The first row.</param>
    /// <param name="end">The row behind the last.</param>
    public static void Add(BucketColumn column, int bucket, RowColumn values, long[] timeNs, ReadOnlySpan<ulong> present, bool areOthersZero, int from, int end)
    {
        var count = Count(present, from, end);
        if (count == 0) return;
        var isFirst = column.Counts[bucket] == 0;
        column.Counts[bucket] += count;
        if (column.Doubles.Length > 0) column.Doubles[bucket] += areOthersZero ? Sum(values.Bits, from, end) : Sum(values.Bits, present, from, end);
        if (column.Wholes.Length > 0) column.Wholes[bucket] += Whole(values.Bits, present, from, end);
        if (!column.Measure.Range && !column.Measure.Ends) return;
        for (var word = from >> 6; word <= (end - 1) >> 6; word++)
        {
            var rows = present[word] & Within(word, from, end);
            if (rows == 0) continue;
            var bits = values.Bits.AsSpan(word << 6, 64);
            if (column.Measure.Range) Range(column, bucket, bits, rows, isFirst);
            if (column.Measure.Ends) Ends(column, bucket, bits, timeNs.AsSpan(word << 6, 64), rows, isFirst);
            isFirst = false;
        }
    }

    /// <summary>How many bits of some rows are set.</summary>
    public static int Count(ReadOnlySpan<ulong> rows, int from, int end)
    {
        var count = 0;
        for (var word = from >> 6; word <= (end - 1) >> 6; word++) count += BitOperations.PopCount(rows[word] & Within(word, from, end));
        return count;
    }

    /// <summary>Adds one value.</summary>
    public static void Add(BucketColumn column, int bucket, long bits, long timeNs)
    {
        var isFirst = column.Counts[bucket]++ == 0;
        if (column.Doubles.Length > 0) column.Doubles[bucket] += BitConverter.Int64BitsToDouble(bits);
        if (column.Wholes.Length > 0) column.Wholes[bucket] += bits;
        if (column.Measure.Range) Widen(column, bucket, bits, bits, isFirst);

        if (!column.Measure.Ends) return;
        if (isFirst || timeNs < column.FirstNs[bucket]) (column.FirstNs[bucket], column.First[bucket]) = (timeNs, bits);
        if (isFirst || timeNs > column.LastNs[bucket]) (column.LastNs[bucket], column.Last[bucket]) = (timeNs, bits);
    }

    /// <summary>Adds all values of a block, as far as they are known: not which came first or last.</summary>
    public static void Add(BucketColumn column, int bucket, in ColumnStatistics block)
    {
        if (block.Count == 0) return;
        var isFirst = column.Counts[bucket] == 0;
        column.Counts[bucket] += block.Count;
        if (column.Doubles.Length > 0) column.Doubles[bucket] += BitConverter.Int64BitsToDouble(block.Sum);
        if (column.Wholes.Length > 0) column.Wholes[bucket] += block.Sum;
        if (column.Measure.Range) Widen(column, bucket, block.Least, block.Most, isFirst);
    }

    /// <summary>Adds what another bucket has.</summary>
    public static void Add(BucketColumn column, int bucket, BucketColumn from, int other)
    {
        if (from.Counts[other] == 0) return;
        var isFirst = column.Counts[bucket] == 0;
        column.Counts[bucket] += from.Counts[other];
        if (column.Doubles.Length > 0) column.Doubles[bucket] += from.Doubles[other];
        if (column.Wholes.Length > 0) column.Wholes[bucket] += from.Wholes[other];
        if (column.Measure.Range) Widen(column, bucket, from.Least[other], from.Most[other], isFirst);

        if (!column.Measure.Ends) return;
        if (isFirst || from.FirstNs[other] < column.FirstNs[bucket]) (column.FirstNs[bucket], column.First[bucket]) = (from.FirstNs[other], from.First[other]);
        if (isFirst || from.LastNs[other] > column.LastNs[bucket]) (column.LastNs[bucket], column.Last[bucket]) = (from.LastNs[other], from.Last[other]);
    }

    /// <summary>The bits of the rows of a word that are in a run.</summary>
    public static ulong Within(int word, int from, int end)
    {
        var rows = ulong.MaxValue;
        if (word == from >> 6) rows &= ulong.MaxValue << from;
        if (word == (end - 1) >> 6) rows &= ulong.MaxValue >> (63 - ((end - 1) & 63));
        return rows;
    }

    private static void Widen(BucketColumn column, int bucket, long least, long most, bool isFirst)
    {
        if (isFirst || IsLess(column, least, column.Least[bucket])) column.Least[bucket] = least;
        if (isFirst || IsLess(column, column.Most[bucket], most)) column.Most[bucket] = most;
    }

    private static bool IsLess(BucketColumn column, long a, long b) =>
        column.Measure.Type == MeasureType.Double ? BitConverter.Int64BitsToDouble(a) < BitConverter.Int64BitsToDouble(b) : a < b;

    private static double Sum(long[] bits, int from, int end)
    {
        var (even, odd) = (Vector512<double>.Zero, Vector512<double>.Zero);
        ref var first = ref Unsafe.As<long, double>(ref MemoryMarshal.GetArrayDataReference(bits));
        for (; from <= end - 16; from += 16)
        {
            even += Vector512.LoadUnsafe(ref first, (nuint)from);
            odd += Vector512.LoadUnsafe(ref first, (nuint)from + 8);
        }

        if (from <= end - 8)
        {
            even += Vector512.LoadUnsafe(ref first, (nuint)from);
            from += 8;
        }

        // What is left is within the last eight of the block, if not in eight from here.
        var at = Math.Min(from, RowColumns.Capacity - 8);
        odd += Vector512.LoadUnsafe(ref first, (nuint)at) & Of(((1UL << (end - from)) - 1) << (from - at)).AsDouble();
        return Vector512.Sum(even + odd);
    }

    private static double Sum(long[] bits, ReadOnlySpan<ulong> present, int from, int end)
    {
        var (even, odd) = (Vector512<double>.Zero, Vector512<double>.Zero);
        ref var first = ref Unsafe.As<long, double>(ref MemoryMarshal.GetArrayDataReference(bits));
        for (var word = from >> 6; word <= (end - 1) >> 6; word++)
        {
            var rows = present[word] & Within(word, from, end);
            var skipped = BitOperations.TrailingZeroCount(rows) & 48;
            rows >>= skipped;
            for (var at = (word << 6) + skipped; rows != 0; rows >>= 16, at += 16)
            {
                even += Vector512.LoadUnsafe(ref first, (nuint)at) & Of(rows).AsDouble();
                odd += Vector512.LoadUnsafe(ref first, (nuint)at + 8) & Of(rows >> 8).AsDouble();
            }
        }

        return Vector512.Sum(even + odd);
    }

    // All bits of the lanes whose rows are there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Of(ulong rows)
    {
        var lanes = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        return Vector512.Equals(Vector512.Create((long)rows) & lanes, lanes);
    }

    // The upper and the lower halves by themselves: neither can overflow.
    private static Int128 Whole(long[] bits, ReadOnlySpan<ulong> present, int from, int end)
    {
        var (upper, lower) = (Vector512<long>.Zero, Vector512<long>.Zero);
        var low = Vector512.Create(0xFFFF_FFFFL);
        ref var first = ref MemoryMarshal.GetArrayDataReference(bits);
        for (var word = from >> 6; word <= (end - 1) >> 6; word++)
        {
            var rows = present[word] & Within(word, from, end);
            var skipped = BitOperations.TrailingZeroCount(rows) & 56;
            rows >>= skipped;
            for (var at = (word << 6) + skipped; rows != 0; rows >>= 8, at += 8)
            {
                var values = Vector512.LoadUnsafe(ref first, (nuint)at) & Of(rows);
                upper += Vector512.ShiftRightArithmetic(values, 32);
                lower += values & low;
            }
        }

        return ((Int128)Vector512.Sum(upper) << 32) + Vector512.Sum(lower);
    }

    private static void Range(BucketColumn column, int bucket, ReadOnlySpan<long> bits, ulong rows, bool isFirst)
    {
        if (column.Measure.Type == MeasureType.Double)
        {
            var (least, most) = Range(Unsafe.BitCast<ReadOnlySpan<long>, ReadOnlySpan<double>>(bits), rows, double.PositiveInfinity, double.NegativeInfinity);
            if (isFirst || least < BitConverter.Int64BitsToDouble(column.Least[bucket])) column.Least[bucket] = BitConverter.DoubleToInt64Bits(least);
            if (isFirst || most > BitConverter.Int64BitsToDouble(column.Most[bucket])) column.Most[bucket] = BitConverter.DoubleToInt64Bits(most);
        }
        else
        {
            var (least, most) = Range(bits, rows, long.MaxValue, long.MinValue);
            if (isFirst || least < column.Least[bucket]) column.Least[bucket] = least;
            if (isFirst || most > column.Most[bucket]) column.Most[bucket] = most;
        }
    }

    private static (T Least, T Most) Range<T>(ReadOnlySpan<T> values, ulong rows, T highest, T lowest)
        where T : unmanaged, INumber<T>
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        ref var masks = ref MemoryMarshal.GetArrayDataReference(Masks);
        var (high, low) = (Vector256.Create(highest), Vector256.Create(lowest));
        var (least, most) = (high, low);
        var at = BitOperations.TrailingZeroCount(rows) & ~3;
        for (rows >>= at; rows != 0; rows >>= 4, at += 4)
        {
            var four = Vector256.LoadUnsafe(ref first, (nuint)at);
            var mask = Vector256.LoadUnsafe(ref masks, (nuint)(rows & 15) * 4).As<long, T>();
            least = Vector256.Min(least, Vector256.ConditionalSelect(mask, four, high));
            most = Vector256.Max(most, Vector256.ConditionalSelect(mask, four, low));
        }

        for (var lane = 0; lane < 4; lane++)
        {
            highest = T.Min(highest, least[lane]);
            lowest = T.Max(lowest, most[lane]);
        }

        return (highest, lowest);
    }

    // Rows need not be in the order of time.
    private static void Ends(BucketColumn column, int bucket, ReadOnlySpan<long> bits, ReadOnlySpan<long> timeNs, ulong rows, bool isFirst)
    {
        if (isFirst) (column.FirstNs[bucket], column.LastNs[bucket]) = (long.MaxValue, long.MinValue);
        for (; rows != 0; rows &= rows - 1)
        {
            var row = BitOperations.TrailingZeroCount(rows);
            if (isFirst || timeNs[row] < column.FirstNs[bucket]) (column.FirstNs[bucket], column.First[bucket]) = (timeNs[row], bits[row]);
            if (isFirst || timeNs[row] > column.LastNs[bucket]) (column.LastNs[bucket], column.Last[bucket]) = (timeNs[row], bits[row]);
            isFirst = false;
        }
    }
}
