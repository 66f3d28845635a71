using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>What the values of one column in one block add up to, and between which they are. Of Double the numbers are bits, as in <see cref="RowColumn.Bits"/>.</summary>
/// <param name="Count">Values that are not null; all else is undefined where there are none.</param>
/// <param name="Sum">Of Double added up in the order that the format prescribes, so that it can be checked to its last bit.</param>
/// <param name="Least">The smallest value.</param>
/// <param name="Most">The largest.</param>
internal readonly record struct ColumnStatistics(int Count, long Sum, long Least, long Most)
{
    /// <summary>Of measures and versions that are numbers.</summary>
    public static bool AreKeptOf(StoredColumn column) => column.Type is MeasureType.Double or MeasureType.Bigint && column.Name != StoredColumn.Series;

    /// <param name="column">Of a type that they are kept of.</param>
    /// <param name="rows">The first so many rows.</param>
    /// <param name="statistics">Those of the rows.</param>
    /// <returns>False where there are none: no values; doubles that are not finite, or whose sum is not; a sum that takes more than 64 bits.</returns>
    public static bool TryOf(RowColumn column, int rows, out ColumnStatistics statistics)
    {
        statistics = default;
        var count = 0;
        for (var word = 0; word < (rows + 63) / 64; word++) count += BitOperations.PopCount(Values(column, rows, word));
        if (count == 0) return false;
        var known = column.Type == MeasureType.Double ? OfDoubles(column, rows) : OfNumbers(column, rows);
        if (known is not var (sum, least, most)) return false;
        statistics = new ColumnStatistics(count, sum, least, most);
        return true;
    }

    /// <summary>Zero has two signs, and which of them is the smaller one is nobody's concern.</summary>
    public bool IsSame(in ColumnStatistics other, MeasureType type) =>
        Count == other.Count && Sum == other.Sum && IsSame(Least, other.Least, type) && IsSame(Most, other.Most, type);

    private static bool IsSame(long a, long b, MeasureType type) =>
        a == b || (type == MeasureType.Double && BitConverter.Int64BitsToDouble(a) == BitConverter.Int64BitsToDouble(b));

    private static (long Sum, long Least, long Most)? OfDoubles(RowColumn column, int rows)
    {
        ref var bits = ref MemoryMarshal.GetArrayDataReference(column.Bits);
        var (highest, lowest) = (Vector256.Create(double.PositiveInfinity), Vector256.Create(double.NegativeInfinity));
        var (first, second, least, most) = (Vector256<double>.Zero, Vector256<double>.Zero, highest, lowest);
        for (var word = 0; word < (rows + 63) / 64; word++)
        {
            var valid = Values(column, rows, word);
            for (var at = word * 64; valid != 0; valid >>= 8, at += 8)
            {
                var (a, b) = (Vector256.LoadUnsafe(ref bits, (nuint)at).AsDouble(), Vector256.LoadUnsafe(ref bits, (nuint)at + 4).AsDouble());
                if ((byte)valid == byte.MaxValue)
                {
                    (first, second) = (first + a, second + b);
                    (least, most) = (Vector256.MinNative(least, Vector256.MinNative(a, b)), Vector256.MaxNative(most, Vector256.MaxNative(a, b)));
                    continue;
                }

                var (has, have) = (Lanes(valid).AsDouble(), Lanes(valid >> 4).AsDouble());
                (first, second) = (first + (a & has), second + (b & have));
                least = Vector256.MinNative(least, Vector256.MinNative(Vector256.ConditionalSelect(has, a, highest), Vector256.ConditionalSelect(have, b, highest)));
                most = Vector256.MaxNative(most, Vector256.MaxNative(Vector256.ConditionalSelect(has, a, lowest), Vector256.ConditionalSelect(have, b, lowest)));
            }
        }

        var parts = first + second;
        var sum = parts[0] + parts[1] + (parts[2] + parts[3]);

        // One value that is not finite makes the sum so too.
        return double.IsFinite(sum)
            ? (BitConverter.DoubleToInt64Bits(sum), BitConverter.DoubleToInt64Bits(Lowest(least)), BitConverter.DoubleToInt64Bits(-Lowest(-most))) : null;
    }

    // The upper and the lower halves by themselves: neither can overflow.
    private static (long Sum, long Least, long Most)? OfNumbers(RowColumn column, int rows)
    {
        ref var bits = ref MemoryMarshal.GetArrayDataReference(column.Bits);
        var (highest, lowest, low) = (Vector256.Create(long.MaxValue), Vector256.Create(long.MinValue), Vector256.Create(0xFFFF_FFFFL));
        var (upper, lower, least, most) = (Vector256<long>.Zero, Vector256<long>.Zero, highest, lowest);
        for (var word = 0; word < (rows + 63) / 64; word++)
        {
            var valid = Values(column, rows, word);
            for (var at = word * 64; valid != 0; valid >>= 4, at += 4)
            {
                var (has, some) = (Lanes(valid), Vector256.LoadUnsafe(ref bits, (nuint)at));
                upper += Vector256.ShiftRightArithmetic(some & has, 32);
                lower += some & has & low;
                least = Vector256.Min(least, Vector256.ConditionalSelect(has, some, highest));
                most = Vector256.Max(most, Vector256.ConditionalSelect(has, some, lowest));
            }
        }

        var sum = ((Int128)Vector256.Sum(upper) << 32) + Vector256.Sum(lower);
        return sum == (long)sum ? ((long)sum, Lowest(least), ~Lowest(~most)) : null;
    }

    /// <summary>A bit for each row of 64 that is not null.</summary>
    private static ulong Values(RowColumn column, int rows, int word) =>
        column.Valid[word] & (rows - (word * 64) is var left and < 64 ? (1UL << left) - 1 : ulong.MaxValue);

    /// <summary>All bits of the lanes whose bits are set.</summary>
    private static Vector256<long> Lanes(ulong valid)
    {
        var each = Vector256.Create(1L, 2, 4, 8);
        return Vector256.Equals(Vector256.Create((long)valid) & each, each);
    }

    private static T Lowest<T>(Vector256<T> lanes)
        where T : INumber<T> => T.Min(T.Min(lanes[0], lanes[1]), T.Min(lanes[2], lanes[3]));
}
