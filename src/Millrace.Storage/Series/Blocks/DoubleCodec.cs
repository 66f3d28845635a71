using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Doubles as whole numbers: those that people and sensors write have few decimals, so 21.4 is 214 tenths. Every bit comes back.</summary>
internal static class DoubleCodec
{
    /// <summary>A count of tenths, hundredths …; what is not one is stored behind as it is.</summary>
    private const int Decimal = 0;

    /// <summary>The bits themselves, without the zeros that all have at their low end.</summary>
    private const int AsBits = 1;

    private const int Samples = 32;

    /// <summary>An exception takes nine bytes.</summary>
    private const int FewestPerException = 8;

    /// <summary>These are exact, and so are numbers below 2^53: their quotient is the double nearest to the decimal, as a parser gives it.</summary>
    private static readonly double[] Powers = [.. Enumerable.Range(0, 19).Select(static power => Math.Pow(10, power))];

    private static readonly double Largest = Math.ScaleB(1, 53);

    [SkipLocalsInit]
    public static void Encode(ReadOnlySpan<long> bits, ByteSink into)
    {
        Span<long> numbers = stackalloc long[BlockLimits.Rows];
        Span<short> exceptions = stackalloc short[BlockLimits.Rows / FewestPerException];
        numbers = numbers[..bits.Length];
        exceptions = exceptions[..(bits.Length / FewestPerException)];
        var power = PowerOf(bits);
        if (power < 0 || !ToDecimals(bits, Powers[power], numbers, ref exceptions))
        {
            EncodeBits(bits, numbers, into);
            return;
        }

        into.Byte(Decimal);
        into.Byte(power);
        into.Varint((ulong)exceptions.Length);
        var behind = -1;
        foreach (var row in exceptions) RowGaps.Write(row, ref behind, into);
        foreach (var row in exceptions) into.Long(bits[row]);
        IntCodec.Encode(numbers, into);
    }

    /// <summary>All of them.</summary>
    public static void Decode(ref ByteParser from, scoped Span<long> values) => Decode(ref from, values, 0, values.Length);

    /// <param name="from">Stands behind the doubles afterwards.</param>
    /// <param name="values">As many as were encoded.</param>
    /// <param name="first">Those before it are undefined.</param>
    /// <param name="end">This one and those behind it too.</param>
    /// <exception cref="InvalidDataException">No encoder wrote this.</exception>
    [SkipLocalsInit]
    public static void Decode(ref ByteParser from, scoped Span<long> values, int first, int end)
    {
        var kind = from.Byte();
        if (kind == AsBits)
        {
            var shift = from.Count(63);
            if (shift == 0) IntCodec.Decode(ref from, values, first, end, default(Finish.Nothing));
            else IntCodec.Decode(ref from, values, first, end, new Finish.Bits(shift));
            return;
        }

        if (kind != Decimal) ByteParser.Broken($"doubles of kind {kind}");
        var power = from.Count(Powers.Length - 1);
        var exceptions = from.Count(values.Length);
        Span<short> rows = stackalloc short[BlockLimits.Rows];
        rows = rows[..exceptions];
        var behind = -1;
        foreach (ref var row in rows) row = (short)(behind = RowGaps.Read(ref from, behind, values.Length));
        var raw = from.Bytes(exceptions * 8);
        if (power == 0) IntCodec.Decode(ref from, values, first, end, default(Finish.Whole));
        else IntCodec.Decode(ref from, values, first, end, new Finish.Decimals(Powers[power]));
        var parser = new ByteParser(raw);
        foreach (var row in rows) values[row] = parser.Long();
    }

    /// <returns>The fewest decimals with which most of a sample comes back; -1 where none does.</returns>
    private static int PowerOf(ReadOnlySpan<long> bits)
    {
        var (best, most) = (-1, 0);
        var every = Math.Max(1, bits.Length / Samples);
        var samples = (bits.Length + every - 1) / every;
        for (var power = 0; power < Powers.Length; power++)
        {
            var back = 0;
            for (var i = 0; i < bits.Length; i += every)
                if (Number(BitConverter.Int64BitsToDouble(bits[i]), Powers[power], out _)) back++;
            if (back <= most) continue;
            (best, most) = (power, back);
            if (back == samples) break;
        }

        return most * 2 < samples ? -1 : best;
    }

    private static bool Number(double value, double power, out long number)
    {
        var scaled = Math.Round(value * power);
        number = Math.Abs(scaled) < Largest ? (long)scaled : 0;
        // Negative zero comes back as zero, so its bits differ.
        return BitConverter.DoubleToInt64Bits(number / power) == BitConverter.DoubleToInt64Bits(value);
    }

    /// <param name="bits">Of the doubles.</param>
    /// <param name="power">Of ten.</param>
    /// <param name="numbers">Gets the counts; for a double that does not come back the one before.</param>
    /// <param name="exceptions">Room for the rows of those; then they.</param>
    /// <returns>False where there is not enough room.</returns>
    private static bool ToDecimals(ReadOnlySpan<long> bits, double power, Span<long> numbers, ref Span<short> exceptions)
    {
        var count = 0;
        var last = 0L;
        for (var i = 0; i < bits.Length; i++)
        {
            var good = GoodDecimals(bits[i..], power, numbers[i..]);
            if (good > 0) last = numbers[(i += good) - 1];
            if (i == bits.Length) break;
            if (Number(BitConverter.Int64BitsToDouble(bits[i]), power, out var number)) last = number;
            else if (count == exceptions.Length) return false;
            else exceptions[count++] = (short)i;
            numbers[i] = last;
        }

        exceptions = exceptions[..count];
        return true;
    }

    /// <summary>Several at once, until one does not come back.</summary>
    /// <returns>How many came back; there may be more.</returns>
    private static int GoodDecimals(ReadOnlySpan<long> bits, double power, Span<long> numbers)
    {
        var (by, largest) = (Vector512.Create(power), Vector512.Create(Largest));
        var good = 0;
        for (; bits.Length - good >= Vector512<long>.Count; good += Vector512<long>.Count)
        {
            var values = Vector512.Create<long>(bits[good..]);
            var scaled = Vector512.Round(values.AsDouble() * by);
            if (!Vector512.LessThanAll(Vector512.Abs(scaled), largest)) break;
            var some = Vector512.ConvertToInt64Native(scaled);
            if ((Vector512.ConvertToDouble(some) / by).AsInt64() != values) break;
            some.CopyTo(numbers[good..]);
        }

        return good;
    }

    private static void EncodeBits(ReadOnlySpan<long> bits, Span<long> numbers, ByteSink into)
    {
        var any = 0L;
        foreach (var value in bits) any |= value;
        var shift = any == 0 ? 0 : BitOperations.TrailingZeroCount(any);
        for (var i = 0; i < bits.Length; i++) numbers[i] = bits[i] >> shift;
        into.Byte(AsBits);
        into.Byte(shift);
        IntCodec.Encode(numbers, into);
    }
}
