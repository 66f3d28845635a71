using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Numbers as their distance from a base, each with the same few bits; the few that lie outside are stored behind, with their places.</summary>
/// <param name="From">The base: the lowest number that needs no exception.</param>
/// <param name="Width">Bits of a distance.</param>
/// <param name="Exceptions">How many numbers lie outside.</param>
/// <param name="Bits">What it all takes, about.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Frame(long From, int Width, int Exceptions, long Bits)
{
    private const int Buckets = 256;

    /// <summary>Of the numbers at most one in so many lies outside: each exception costs time on reading.</summary>
    private const int FewestPerException = 8;

    private const int Samples = 64;
    private const int MostOfSamples = Samples - (Samples / FewestPerException) - 1;

    /// <summary>The one that needs the fewest bits. Each round looks at the numbers between two bounds in 256 equal steps; the next looks closer.</summary>
    [SkipLocalsInit]
    public static Frame Of(ReadOnlySpan<long> values)
    {
        if (values.IsEmpty) return default;
        var (lowest, highest) = BoundsOf(values);
        var width = BitPacking.WidthOf((ulong)(highest - lowest));
        var best = new Frame(lowest, width, 0, (long)values.Length * width);
        Span<int> below = stackalloc int[Buckets + 1];
        while (Closer(values, ref lowest, ref highest, ref best, below))
        {
        }

        return best;
    }

    /// <summary>Whether a frame of these could take no more than so many bits: false only where a sample says that it would take clearly more.</summary>
    public static bool MayTake(ReadOnlySpan<long> values, long bits)
    {
        if (values.Length < Samples * 2) return true;
        Span<long> sample = stackalloc long[Samples];
        for (var i = 0; i < Samples; i++) sample[i] = values[(int)((long)i * values.Length / Samples)];
        sample.Sort();
        var closest = ulong.MaxValue;
        for (var i = 0; i + MostOfSamples < Samples; i++) closest = Math.Min(closest, (ulong)(sample[i + MostOfSamples] - sample[i]));
        return (BitLength(closest) - 1L) * values.Length <= bits;
    }

    /// <returns>Whether it is worth to look closer, between the new bounds.</returns>
    private static bool Closer(ReadOnlySpan<long> values, ref long lowest, ref long highest, ref Frame best, Span<int> below)
    {
        var range = (ulong)(highest - lowest);
        var shift = Math.Max(0, BitLength(range) - 8);
        Count(values, lowest, range, shift, below);
        (int At, int Width) closest = (0, 64);
        for (var width = BitLength(range); width >= shift; width--)
        {
            var buckets = Math.Min(Buckets, 1 << (width - shift));
            int at = 0, most = 0;
            for (var bucket = 0; bucket + buckets <= Buckets; bucket++)
            {
                var inside = below[bucket + buckets] - below[bucket];
                if (inside <= most) continue;
                most = inside;
                at = bucket;
            }

            var outside = values.Length - most;
            if (outside * FewestPerException > values.Length) break;
            closest = (at, width);
            var from = lowest + (long)((ulong)at << shift);
            var packed = BitPacking.WidthOf((1UL << width) - 1);
            var bits = ((long)values.Length * packed) + (outside * (long)(10 + Math.Min(64, width + 2)));
            if (bits < best.Bits) best = new Frame(from, packed, outside, bits);
        }

        // Closer only pays where most steps between the bounds are empty.
        if (closest.Width > BitLength(range) - 3 || shift == 0) return false;
        var (first, end) = (lowest + (long)((ulong)closest.At << shift), (1UL << closest.Width) - 1);
        lowest = long.MaxValue;
        highest = long.MinValue;
        foreach (var value in values)
        {
            if ((ulong)(value - first) > end) continue;
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
        }

        return highest > lowest;
    }

    private static (long Lowest, long Highest) BoundsOf(ReadOnlySpan<long> values)
    {
        var (lowest, highest) = (values[0], values[0]);
        if (values.Length >= Vector512<long>.Count)
        {
            var (low, high) = (Vector512.Create(lowest), Vector512.Create(highest));
            while (values.Length >= Vector512<long>.Count)
            {
                var next = Vector512.Create<long>(values);
                low = Vector512.Min(low, next);
                high = Vector512.Max(high, next);
                values = values[Vector512<long>.Count..];
            }

            for (var lane = 0; lane < Vector512<long>.Count; lane++)
            {
                lowest = Math.Min(lowest, low[lane]);
                highest = Math.Max(highest, high[lane]);
            }
        }

        foreach (var value in values)
        {
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
        }

        return (lowest, highest);
    }

    /// <summary>How many of the numbers lie below each step.</summary>
    private static void Count(ReadOnlySpan<long> values, long lowest, ulong range, int shift, Span<int> below)
    {
        below.Clear();
        foreach (var value in values)
            if ((ulong)(value - lowest) is var distance && distance <= range) below[(int)(distance >> shift) + 1]++;
        for (var bucket = 1; bucket <= Buckets; bucket++) below[bucket] += below[bucket - 1];
    }

    private static int BitLength(ulong value) => 64 - BitOperations.LeadingZeroCount(value);
}
