namespace Millrace.Benchmarks.Series.Data;

/// <summary>Chance that is the same on every machine and with every version of .NET: SplitMix64.</summary>
internal sealed class DataRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0 to below 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double share) => Unit() < share;

    /// <summary>From 0 to below <paramref name="count"/>.</summary>
    public int Below(int count) => (int)(Unit() * count);

    public double Between(double least, double most) => least + (Unit() * (most - least));

    /// <summary>Around 0 with a deviation of 1.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    public T Of<T>(ReadOnlySpan<T> some) => some[Below(some.Length)];

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
