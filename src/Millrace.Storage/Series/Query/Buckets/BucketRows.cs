namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Buckets as columns: what was gathered of some rows of one series in one bucket. There may be several of one series and bucket.</summary>
internal sealed class BucketRows
{
    public const int Capacity = 2048;

    private readonly List<int> _shared = [];
    private long[] _from = BucketArrays.TakeLongs(true);

    public BucketRows(BucketSpec spec)
    {
        (Series, TimeNs, Rows) = (BucketArrays.TakeInts(), BucketArrays.TakeLongs(true), BucketArrays.TakeLongs(true));
        (EarliestNs, LatestNs) = (BucketArrays.TakeLongs(spec.Times), BucketArrays.TakeLongs(spec.Times));
        Columns = [.. spec.Measures.Select(static measure => new BucketColumn(measure))];
        Tested = [.. spec.Tests.Select(static _ => BucketArrays.TakeLongs(true))];
    }

    public int Count { get; private set; }

    /// <summary>Those that somebody may have more of, ascending: see <see cref="Share"/>.</summary>
    public IReadOnlyList<int> Shared => _shared;

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

    public void Clear()
    {
        Count = 0;
        _shared.Clear();
    }

    /// <summary>The first time of a bucket.</summary>
    public long BeginOf(int bucket) => _from[bucket];

    /// <summary>Begins one like another, with nothing in it.</summary>
    /// <returns>Its number.</returns>
    public int Begin(BucketRows from, int like)
    {
        var bucket = Begin(from.Series[like], from.TimeNs[like], from._from[like]);
        for (var i = 0; i < Tested.Length; i++) Tested[i][bucket] = from.Tested[i][like];
        return bucket;
    }

    /// <param name="series">Of its rows.</param>
    /// <param name="ns">Of the first of them.</param>
    /// <param name="fromNs">Where it begins.</param>
    /// <returns>Its number.</returns>
    public int Begin(int series, long ns, long fromNs)
    {
        var bucket = Count++;
        Series[bucket] = series;
        TimeNs[bucket] = ns;
        _from[bucket] = fromNs;
        Rows[bucket] = 0;
        if (EarliestNs.Length > 0) (EarliestNs[bucket], LatestNs[bucket]) = (long.MaxValue, long.MinValue);
        foreach (var column in Columns) column.Begin(bucket);
        return bucket;
    }

    /// <summary>There may be another one of the same series, or of one with the same dimensions, and the same time.</summary>
    /// <param name="bucket">Behind all that are shared already.</param>
    public void Share(int bucket) => _shared.Add(bucket);

    /// <summary>Takes those out that are shared. The others change their numbers.</summary>
    public void DropShared()
    {
        for (var i = _shared.Count - 1; i >= 0; i--) Move(--Count, _shared[i]);
        _shared.Clear();
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

    /// <summary>Nobody may look at these any more, the caller neither.</summary>
    public void Release()
    {
        BucketArrays.Give(Series);
        foreach (var array in (ReadOnlySpan<long[]>)[_from, TimeNs, Rows, EarliestNs, LatestNs, .. Tested]) BucketArrays.Give(array);
        foreach (var column in Columns) column.Release();
        (Series, _from, TimeNs, Rows, EarliestNs, LatestNs) = ([], [], [], [], [], []);
        Tested.AsSpan().Fill([]);
    }

    private void Move(int from, int to)
    {
        (Series[to], TimeNs[to], _from[to], Rows[to]) = (Series[from], TimeNs[from], _from[from], Rows[from]);
        if (EarliestNs.Length > 0) (EarliestNs[to], LatestNs[to]) = (EarliestNs[from], LatestNs[from]);
        foreach (var tested in Tested) tested[to] = tested[from];
        foreach (var column in Columns) column.Move(from, to);
    }
}
