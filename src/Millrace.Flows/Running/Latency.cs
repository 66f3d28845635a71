namespace Millrace.Flows.Running;

/// <summary>How long records took from their arrival to when their destination had them, since the start.</summary>
/// <param name="Buckets">How many took no longer than the bound of the same index and longer than the one before; the last: longer than all.</param>
/// <param name="Sum">Of all.</param>
public sealed record Latency(IReadOnlyList<long> Buckets, TimeSpan Sum)
{
    /// <summary>In milliseconds.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000];

    public static Latency None { get; } = new(new long[Bounds.Count + 1], TimeSpan.Zero);

    public long Count => Buckets.Sum();

    /// <summary>A bound that this share of all does not exceed, in milliseconds; null where there is nothing, or it is beyond the last bound.</summary>
    public double? Quantile(double share)
    {
        var wanted = (long)Math.Ceiling(share * Count);
        if (wanted == 0) return null;
        var below = 0L;
        for (var i = 0; i < Bounds.Count; i++)
        {
            below += Buckets[i];
            if (below >= wanted) return Bounds[i];
        }

        return null;
    }

    public static Latency operator +(Latency a, Latency b) => new([.. a.Buckets.Zip(b.Buckets, static (x, y) => x + y)], a.Sum + b.Sum);

    public static Latency Add(Latency left, Latency right) => left + right;
}
