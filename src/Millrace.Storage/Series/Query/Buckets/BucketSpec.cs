namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>What a scan gathers per series and bucket in place of handing out rows.</summary>
internal sealed class BucketSpec
{
    /// <summary>0: one bucket for all times.</summary>
    public long WidthNs { get; init; }

    /// <summary>Where one bucket begins.</summary>
    public long OriginNs { get; init; }

    public required IReadOnlyList<BucketMeasure> Measures { get; init; }

    public required IReadOnlyList<MeasureTest> Tests { get; init; }

    /// <summary>Whether the earliest and the latest time of each bucket are wanted.</summary>
    public bool Times { get; init; }

    /// <summary>Stored columns that are read, each once.</summary>
    public int[] Slots => [.. Measures.Select(static measure => measure.Slot).Concat(Tests.Select(static test => test.Slot)).Distinct().Order()];

    /// <summary>The first time of the bucket that has a time, and the first behind it.</summary>
    public (long FromNs, long EndNs) BucketOf(long ns)
    {
        if (WidthNs == 0) return (long.MinValue, long.MaxValue);
        var into = (Int128)ns - OriginNs;
        var past = into % WidthNs;
        if (past < 0) past += WidthNs;
        var from = ns - past;
        return (from < long.MinValue ? long.MinValue : (long)from, from + WidthNs > long.MaxValue ? long.MaxValue : (long)(from + WidthNs));
    }
}
