using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Buckets of rows that come as they arrived, one of each series and then the next: the bucket that each series is in is kept until there are very many. For one thread.</summary>
/// <param name="spec">What is gathered.</param>
internal sealed class ScatteredBuckets(BucketSpec spec)
{
    private const int MaxPages = 64;

    private readonly List<Page> _pages = [];
    private readonly Queue<BucketRows> _ready = new();
    private int[] _open = [];

    /// <summary>Whether there are pages that nothing more is added to.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>The bucket that a row is in.</summary>
    /// <param name="rows">Some rows.</param>
    /// <param name="row">One of them.</param>
    /// <param name="bucket">Its number in the page.</param>
    /// <param name="isNew">Whether it was begun now, and there is nothing in it.</param>
    public BucketRows Of(RowColumns rows, int row, out int bucket, out bool isNew)
    {
        var (series, ns) = (rows.Series[row], rows.TimeNs[row]);
        if (series >= _open.Length) Array.Resize(ref _open, Math.Max(series + 1, _open.Length * 2));
        var open = _open[series] - 1;
        isNew = open < 0 || !_pages[open / BucketRows.Capacity].Has(open % BucketRows.Capacity, series, ns);
        if (isNew) open = Open(series, ns);
        bucket = open % BucketRows.Capacity;
        return _pages[open / BucketRows.Capacity].Rows;
    }

    /// <summary>Puts a page of others among those that nothing more is added to.</summary>
    public void Add(BucketRows page) => _ready.Enqueue(page);

    /// <summary>Nothing more is added to any page.</summary>
    public void Finish()
    {
        foreach (var page in _pages) _ready.Enqueue(page.Close());
        _pages.Clear();
        _open.AsSpan().Clear();
    }

    /// <returns>A page that nothing more is added to, the caller's; null where there is none.</returns>
    public BucketRows? Take() => _ready.TryDequeue(out var page) ? page : null;

    private int Open(int series, long ns)
    {
        if (_pages.Count == 0 || _pages[^1].Rows.Count == BucketRows.Capacity)
        {
            if (_pages.Count == MaxPages) Finish();
            _pages.Add(new Page(spec));
        }

        var open = ((_pages.Count - 1) * BucketRows.Capacity) + _pages[^1].Begin(series, ns);
        _open[series] = open + 1;
        return open;
    }

    /// <summary>Buckets, and until when they are.</summary>
    private sealed class Page(BucketSpec spec)
    {
        private readonly long[] _end = BucketArrays.TakeLongs(true);

        public BucketRows Rows { get; } = new(spec);

        public bool Has(int bucket, int series, long ns) => Rows.Series[bucket] == series && ns >= Rows.BeginOf(bucket) && ns < _end[bucket];

        public int Begin(int series, long ns)
        {
            var (from, end) = spec.BucketOf(ns);
            var bucket = Rows.Begin(series, ns, from);
            Rows.Share(bucket);
            _end[bucket] = end;
            return bucket;
        }

        public BucketRows Close()
        {
            BucketArrays.Give(_end);
            return Rows;
        }
    }
}
