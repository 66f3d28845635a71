using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Storage.Series.Blocks;

/// <summary>What kind of numbers these are, so that they take the fewest bytes.</summary>
/// <param name="Code">Of <see cref="IntCodec"/>.</param>
/// <param name="Frame">Of the numbers, of what they add, or of how that changes; by the code.</param>
/// <param name="Bits">What they take, about.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IntShape(int Code, Frame Frame, long Bits)
{
    /// <summary>Runs are looked at where they have at least so many numbers on average.</summary>
    private const int ShortestRuns = 2;

    [SkipLocalsInit]
    public static IntShape Of(ReadOnlySpan<long> values)
    {
        var best = OfParts(values);
        var runs = 1;
        for (var i = 1; i < values.Length; i++)
            if (values[i] != values[i - 1]) runs++;
        if (best.Code == IntCodec.Constant || runs * ShortestRuns > values.Length) return best;
        Span<long> numbers = stackalloc long[BlockLimits.Rows];
        Span<long> lengths = stackalloc long[BlockLimits.Rows];
        RunsOf(values, numbers, lengths);
        var bits = OfParts(numbers[..runs]).Bits + OfParts(lengths[..runs]).Bits + 80;
        return bits < best.Bits ? new IntShape(IntCodec.Runs, default, bits) : best;
    }

    /// <summary>The same without runs.</summary>
    [SkipLocalsInit]
    public static IntShape OfParts(ReadOnlySpan<long> values)
    {
        if (!values.ContainsAnyExcept(values[0])) return new IntShape(IntCodec.Constant, default, 40);
        Span<long> deltas = stackalloc long[BlockLimits.Rows];
        deltas = DeltasOf(values, deltas);
        var length = Length(deltas);
        var frame = Frame.Of(deltas);
        var best = new IntShape(IntCodec.Deltas, frame, frame.Bits + 64);
        if (Frame.MayTake(values, best.Bits))
        {
            var plain = Frame.Of(values);
            if (plain.Bits <= best.Bits) best = new IntShape(IntCodec.Plain, plain, plain.Bits);
        }

        if (values.Length < 3) return best;
        deltas = DeltasOf(deltas, deltas);
        if (Length(deltas) < length)
        {
            frame = Frame.Of(deltas);
            if (frame.Bits + 128 < best.Bits) best = new IntShape(IntCodec.DeltasOfDeltas, frame, frame.Bits + 128);
        }

        return best;
    }

    /// <param name="values">At least one.</param>
    /// <param name="into">May be where the values are.</param>
    /// <returns>One less.</returns>
    public static Span<long> DeltasOf(ReadOnlySpan<long> values, Span<long> into)
    {
        for (var i = 1; i < values.Length; i++) into[i - 1] = values[i] - values[i - 1];
        return into[..(values.Length - 1)];
    }

    /// <returns>How many runs.</returns>
    public static int RunsOf(ReadOnlySpan<long> values, Span<long> runs, Span<long> lengths)
    {
        var count = 0;
        for (var start = 0; start < values.Length;)
        {
            var rest = values[start..];
            var length = rest.IndexOfAnyExcept(rest[0]);
            if (length < 0) length = rest.Length;
            runs[count] = rest[0];
            lengths[count++] = length;
            start += length;
        }

        return count;
    }

    /// <returns>The largest number of which all distances between neighbours are multiples; 0 or 1 where there is none that helps.</returns>
    public static long StepOf(ReadOnlySpan<long> values)
    {
        var step = 0L;
        for (var i = 1; i < values.Length; i++)
        {
            var distance = values[i] - values[i - 1];
            if (distance == step) continue;
            // Beyond, the distance from the first might not fit.
            if (distance is > long.MaxValue / (BlockLimits.Rows * 2) or < long.MinValue / (BlockLimits.Rows * 2)) return 0;
            if (step != 0 && distance % step == 0) continue;
            distance = Math.Abs(distance);
            while (distance != 0) (step, distance) = (distance, step % distance);
            if (step == 1) return 1;
        }

        return step;
    }

    /// <summary>How many steps each number is away from the first.</summary>
    public static void StepsOf(ReadOnlySpan<long> values, long step, Span<long> into)
    {
        into[0] = 0;
        for (var i = 1; i < values.Length; i++)
        {
            var distance = values[i] - values[i - 1];
            into[i] = into[i - 1] + (distance == step ? 1 : distance / step);
        }
    }

    /// <summary>How many bits the numbers have together: about what they would take, were each stored by itself.</summary>
    private static long Length(ReadOnlySpan<long> values)
    {
        var bits = 0L;
        foreach (var value in values) bits += 64 - BitOperations.LeadingZeroCount(ZigZag.Encode(value));
        return bits;
    }
}
