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
        for (var i = 0; i < batch.Count; i++)
        {
            var tookNs = Math.Max(0, nowNs - batch[i].ArrivalNs);
            sum += tookNs;
            var bucket = 0;
            while (bucket < Latency.Bounds.Count && tookNs > Latency.Bounds[bucket] * 1_000_000) bucket++;
            Interlocked.Increment(ref _buckets[bucket]);
        }

        Interlocked.Add(ref _sumNs, sum);
    }
}
