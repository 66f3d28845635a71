namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Buckets as columns: what was gathered of some rows of one series in one bucket. There may be several of one series and bucket.</summary>
internal sealed class BucketRows
{
    public const int Capacity = 2048;

    public BucketRows(BucketSpec spec)
    {
        (Series, TimeNs, Rows) = (BucketArrays.TakeInts(), BucketArrays.TakeLongs(true), BucketArrays.TakeLongs(true));
        (EarliestNs, LatestNs) = (BucketArrays.TakeLongs(spec.Times), BucketArrays.TakeLongs(spec.Times));
        Columns = [.. spec.Measures.Select(static measure => new BucketColumn(measure))];
        Tested = [.. spec.Tests.Select(static _ => BucketArrays.TakeLongs(true))];
    }

    public int Count { get; private set; }

    public int[] Series { get; private set; }

    /// <summary>The time of the first row that was met: it stands for all of them wherever only the bucket matters.</summary>
    public long[] TimeNs { get; private set; }

    public long[] Rows { get; private set; }

    /// <summary>Where <see cref="BucketSpec.Times"/> asks for it; else empty.</summary>
    public long[] EarliestNs { get; private set; }

    public long[] LatestNs { get; private set; }

    /// <summary>By the place of the measure in the specification.</summary>
    public BucketColumn[] Columns { get; }

    /// <summary>For each test the value that the first row passed it with; undefined for <see cref="Comparison.Null"/>.</summary>
    public long[][] Tested { get; }

    public void Clear() => Count = 0;

    /// <summary>Begins one like another, with nothing in it.</summary>
    /// <returns>Its number.</returns>
    public int Begin(BucketRows from, int like)
    {
        var bucket = Begin(from.Series[like], from.TimeNs[like]);
        for (var i = 0; i < Tested.Length; i++) Tested[i][bucket] = from.Tested[i][like];
        return bucket;
    }

    /// <summary>Adds what another has.</summary>
    public void Add(int bucket, BucketRows from, int other)
    {
        Rows[bucket] += from.Rows[other];
        if (EarliestNs.Length > 0)
        {
            EarliestNs[bucket] = Math.Min(EarliestNs[bucket], from.EarliestNs[other]);
            LatestNs[bucket] = Math.Max(LatestNs[bucket], from.LatestNs[other]);
        }

        for (var i = 0; i < Columns.Length; i++) BucketSums.Add(Columns[i], bucket, from.Columns[i], other);
    }

    /// <returns>Its number.</returns>
    public int Begin(int series, long ns)
    {
        var bucket = Count++;
        Series[bucket] = series;
        TimeNs[bucket] = ns;
        Rows[bucket] = 0;
        if (EarliestNs.Length > 0) (EarliestNs[bucket], LatestNs[bucket]) = (long.MaxValue, long.MinValue);
        foreach (var column in Columns) column.Begin(bucket);
        return bucket;
    }

    /// <summary>Nobody may look at these any more, the caller neither.</summary>
    public void Release()
    {
        BucketArrays.Give(Series);
        foreach (var array in (ReadOnlySpan<long[]>)[TimeNs, Rows, EarliestNs, LatestNs, .. Tested]) BucketArrays.Give(array);
        foreach (var column in Columns) column.Release();
        (Series, TimeNs, Rows, EarliestNs, LatestNs) = ([], [], [], [], []);
        Tested.AsSpan().Fill([]);
    }
}
