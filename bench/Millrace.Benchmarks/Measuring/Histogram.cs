using System.Numerics;

namespace Millrace.Benchmarks.Measuring;

/// <summary>Counts durations in buckets that grow with the value: 32 to each power of two, so a quantile is at most 3 % too high.</summary>
internal sealed class Histogram
{
    private const int SubBits = 5;
    private const int Sub = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * Sub];

    public long Count { get; private set; }

    public long Max { get; private set; }

    /// <summary>Negative values count as 0: two clocks may differ by a hair.</summary>
    public void Record(long ns)
    {
        ns = Math.Max(0, ns);
        _counts[IndexOf(ns)]++;
        Count++;
        if (ns > Max) Max = ns;
    }

    /// <summary>The end of the bucket in which the given share of all values is reached; 0 where there are none.</summary>
    public long Quantile(double share)
    {
        var wanted = (long)Math.Ceiling(share * Count);
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted && seen > 0) return Math.Min(Max, EndOf(i));
        }

        return Max;
    }

    public Latency ToLatency() => new(Quantile(0.5) / 1e6, Quantile(0.99) / 1e6, Max / 1e6);

    private static int IndexOf(long value)
    {
        if (value < Sub) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return (shift << SubBits) + (int)(value >> shift);
    }

    private static long EndOf(int index)
    {
        if (index < Sub) return index;
        var shift = (index >> SubBits) - 1;
        return ((long)(index - (shift << SubBits) + 1) << shift) - 1;
    }
}
