namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>What a scan gathers per series and bucket in place of handing out rows.</summary>
internal sealed class BucketSpec
{
    /// <summary>0: one bucket for all times.</summary>
    public long WidthNs { get; init; }

    /// <summary>Where one bucket begins; within a thousand years of 1970.</summary>
    public long OriginNs { get; init; }

    public required IReadOnlyList<BucketMeasure> Measures { get; init; }

    public required IReadOnlyList<MeasureTest> Tests { get; init; }

    /// <summary>Whether the earliest and the latest time of each bucket are wanted.</summary>
    public bool Times { get; init; }

    /// <summary>Whether it matters which time within its block a row has.</summary>
    public bool ReadsTimes => WidthNs > 0 || Times || Measures.Any(static measure => measure.Ends);

    /// <summary>Stored columns that are read, each once.</summary>
    public int[] Slots => [.. Measures.Select(static measure => measure.Slot).Concat(Tests.Select(static test => test.Slot)).Distinct().Order()];

    /// <summary>The first time of the bucket that has a time, and the first behind it.</summary>
    public (long FromNs, long EndNs) BucketOf(long ns)
    {
        if (WidthNs == 0) return (long.MinValue, long.MaxValue);

        // DuckDB cuts nanoseconds off towards 1970, so that before it the last ones of a bucket are in the next: these rows stay as they are.
        if (ns < 0) return (ns, ns + 1);
        var into = (ns - OriginNs) % WidthNs;
        var from = ns - (into < 0 ? into + WidthNs : into);
        return (from, from > long.MaxValue - WidthNs ? long.MaxValue : from + WidthNs);
    }
}
