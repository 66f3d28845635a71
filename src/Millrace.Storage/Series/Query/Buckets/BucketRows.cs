namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Buckets as columns: what was gathered of some rows of one series in one bucket. There may be several of one series and bucket.</summary>
internal sealed class BucketRows
{
    public const int Capacity = 2048;

    private readonly long[] _from = new long[Capacity];
    private readonly long[] _end = new long[Capacity];

    public BucketRows(BucketSpec spec)
    {
        Columns = [.. spec.Measures.Select(static measure => new BucketColumn(measure))];
        Tested = [.. spec.Tests.Select(static _ => new long[Capacity])];
    }

    public int Count { get; private set; }

    public int[] Series { get; } = new int[Capacity];

    /// <summary>The time of the first row that was met: it stands for all of them wherever only the bucket matters.</summary>
    public long[] TimeNs { get; } = new long[Capacity];

    public long[] Rows { get; } = new long[Capacity];

    /// <summary>Where <see cref="BucketSpec.Times"/> asks for it.</summary>
    public long[] EarliestNs { get; } = new long[Capacity];

    public long[] LatestNs { get; } = new long[Capacity];

    /// <summary>By the place of the measure in the specification.</summary>
    public BucketColumn[] Columns { get; }

    /// <summary>For each test the value that the first row passed it with; undefined for <see cref="Comparison.Null"/>.</summary>
    public long[][] Tested { get; }

    public void Clear() => Count = 0;

    public bool Has(int bucket, int series, long ns) => Series[bucket] == series && ns >= _from[bucket] && ns < _end[bucket];

    public long EndOf(int bucket) => _end[bucket];

    public long BeginOf(int bucket) => _from[bucket];

    /// <summary>Begins one like another, with nothing in it.</summary>
    /// <returns>Its number.</returns>
    public int Begin(BucketRows from, int like, BucketSpec spec)
    {
        var bucket = Begin(from.Series[like], from.TimeNs[like], spec);
        for (var i = 0; i < Tested.Length; i++) Tested[i][bucket] = from.Tested[i][like];
        return bucket;
    }

    /// <summary>Adds what another has.</summary>
    public void Add(int bucket, BucketRows from, int other)
    {
        Rows[bucket] += from.Rows[other];
        EarliestNs[bucket] = Math.Min(EarliestNs[bucket], from.EarliestNs[other]);
        LatestNs[bucket] = Math.Max(LatestNs[bucket], from.LatestNs[other]);
        for (var i = 0; i < Columns.Length; i++) BucketSums.Add(Columns[i], bucket, from.Columns[i], other);
    }

    /// <returns>Its number.</returns>
    public int Begin(int series, long ns, BucketSpec spec)
    {
        var bucket = Count++;
        Series[bucket] = series;
        TimeNs[bucket] = ns;
        (_from[bucket], _end[bucket]) = spec.BucketOf(ns);
        Rows[bucket] = 0;
        EarliestNs[bucket] = long.MaxValue;
        LatestNs[bucket] = long.MinValue;
        foreach (var column in Columns) column.Begin(bucket);
        return bucket;
    }
}
