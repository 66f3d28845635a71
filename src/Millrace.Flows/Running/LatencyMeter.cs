using Millrace.Contracts.Records;

namespace Millrace.Flows.Running;

/// <summary>Measures <see cref="Latency"/>. One thread notes, any thread reads.</summary>
internal sealed class LatencyMeter
{
    private readonly long[] _buckets = new long[Latency.Bounds.Count + 1];
    private long _sumNs;

    public Latency Now
    {
        get
        {
            var buckets = new long[_buckets.Length];
            for (var i = 0; i < buckets.Length; i++) buckets[i] = Interlocked.Read(ref _buckets[i]);
            return new Latency(buckets, TimeSpan.FromTicks(Interlocked.Read(ref _sumNs) / TimeSpan.NanosecondsPerTick));
        }
    }

    /// <param name="batch">What the destination has now.</param>
    /// <param name="now">The time.</param>
    public void Note(RecordBatch batch, DateTimeOffset now)
    {
        var nowNs = (now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        var sum = 0L;

        // Records of one frame came at about the same time: most are of the bucket of the one before.
        var (bucket, aboveNs, toNs, count) = (0, -1L, -1L, 0L);
        for (var i = 0; i < batch.Count; i++)
        {
            var tookNs = Math.Max(0, nowNs - batch.ArrivalOf(i));
            sum += tookNs;
            if (tookNs <= aboveNs || tookNs > toNs)
            {
                if (count > 0) Interlocked.Add(ref _buckets[bucket], count);
                count = 0;
                for (bucket = 0; bucket < Latency.Bounds.Count && tookNs > BoundNs(bucket);) bucket++;
                aboveNs = bucket > 0 ? BoundNs(bucket - 1) : -1;
                toNs = bucket < Latency.Bounds.Count ? BoundNs(bucket) : long.MaxValue;
            }

            count++;
        }

        if (count > 0) Interlocked.Add(ref _buckets[bucket], count);
        Interlocked.Add(ref _sumNs, sum);
    }

    private static long BoundNs(int bucket) => (long)(Latency.Bounds[bucket] * 1_000_000);
}
