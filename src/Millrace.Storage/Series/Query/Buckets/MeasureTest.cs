using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>A measure compared with a constant: rows for which it is not true are left out.</summary>
/// <param name="Slot">Of the stored column: Double, or one of whole numbers.</param>
/// <param name="Type">Of the stored column.</param>
/// <param name="How">The comparison; null makes all but <see cref="Comparison.Null"/> untrue.</param>
/// <param name="Bits">The constant, in the column's type.</param>
internal sealed record MeasureTest(int Slot, MeasureType Type, Comparison How, long Bits)
{
    /// <summary>Takes out of the first rows those that fail.</summary>
    public void Narrow(RowColumn? column, int count, Span<ulong> rows) => Narrow(column, 0, count, rows);

    /// <summary>Takes out of the rows those that fail.</summary>
    /// <param name="column">Null where no row has it.</param>
    /// <param name="first">The first of the rows.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="rows">A bit for each row, that of row 0 lowest; those of others than these rows are undefined afterwards.</param>
    public void Narrow(RowColumn? column, int first, int end, Span<ulong> rows)
    {
        if (column is null)
        {
            if (How != Comparison.Null) rows.Clear();
            return;
        }

        for (var word = first >> 6; word < (end + 63) >> 6; word++)
        {
            var valid = column.Valid[word];
            rows[word] &= How switch
            {
                Comparison.Null => ~valid,
                Comparison.NotNull => valid,
                _ when (rows[word] & valid) == 0 => 0,
                _ => valid & (Type == MeasureType.Double ? Doubles(column.Bits, word * 64) : Longs(column.Bits, word * 64)),
            };
        }
    }

    private ulong Doubles(long[] bits, int from)
    {
        var value = BitConverter.Int64BitsToDouble(Bits);
        return How switch
        {
            Comparison.Equal => Compare<double, EqualTo>(bits, from, value),
            Comparison.NotEqual => ~Compare<double, EqualTo>(bits, from, value),
            Comparison.Less => Compare<double, LessThan>(bits, from, value),
            Comparison.LessOrEqual => ~Compare<double, MoreThan>(bits, from, value),
            Comparison.Greater => Compare<double, MoreThan>(bits, from, value),
            _ => ~Compare<double, LessThan>(bits, from, value),
        };
    }

    private ulong Longs(long[] bits, int from) => How switch
    {
        Comparison.Equal => Compare<long, EqualTo>(bits, from, Bits),
        Comparison.NotEqual => ~Compare<long, EqualTo>(bits, from, Bits),
        Comparison.Less => Compare<long, LessThan>(bits, from, Bits),
        Comparison.LessOrEqual => ~Compare<long, MoreThan>(bits, from, Bits),
        Comparison.Greater => Compare<long, MoreThan>(bits, from, Bits),
        _ => ~Compare<long, LessThan>(bits, from, Bits),
    };

    private static ulong Compare<T, TCompare>(long[] bits, int from, T value)
        where T : unmanaged
        where TCompare : struct, ICompare
    {
        var constant = Vector256.Create(value);
        ref var first = ref Unsafe.As<long, T>(ref MemoryMarshal.GetReference(bits.AsSpan(from, 64)));
        var answer = 0UL;
        for (var i = 0; i < 64; i += 4)
            answer |= (ulong)TCompare.Of(Vector256.LoadUnsafe(ref first, (nuint)i), constant).ExtractMostSignificantBits() << i;
        return answer;
    }

    private interface ICompare
    {
        static abstract Vector256<T> Of<T>(Vector256<T> a, Vector256<T> b);
    }

    private readonly struct EqualTo : ICompare
    {
        public static Vector256<T> Of<T>(Vector256<T> a, Vector256<T> b) => Vector256.Equals(a, b);
    }

    private readonly struct LessThan : ICompare
    {
        public static Vector256<T> Of<T>(Vector256<T> a, Vector256<T> b) => Vector256.LessThan(a, b);
    }

    private readonly struct MoreThan : ICompare
    {
        public static Vector256<T> Of<T>(Vector256<T> a, Vector256<T> b) => Vector256.GreaterThan(a, b);
    }
}
