namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Puts the buckets that several threads gather together, so that each cell has one. Handed out when all rows were read.</summary>
/// <param name="spec">What is gathered.</param>
/// <param name="cells">Which buckets are one.</param>
internal sealed class BucketGroups(BucketSpec spec, BucketCells cells)
{
    private readonly object _lock = new();
    private readonly List<BucketRows> _pages = [];
    private int[]? _bucketOf;
    private Exception? _failure;
    private int _gathering;
    private int _next = -1;

    /// <summary>Takes in what a thread reads, and waits for what others are reading; none of them waits for anything but reading.</summary>
    /// <param name="reader">The thread's.</param>
    /// <param name="own">The thread's, to read into.</param>
    public void Gather(BucketReader reader, BucketRows own)
    {
        lock (_lock) _gathering++;
        Exception? failure = null;
        try
        {
            while (reader.Read(own) is { } rows)
                lock (_lock) Add(rows);
        }
        catch (Exception failed)
        {
            failure = failed;
            throw;
        }
        finally
        {
            lock (_lock)
            {
                _failure ??= failure;
                _gathering--;
                Monitor.PulseAll(_lock);
            }
        }

        lock (_lock)
        {
            while (_gathering > 0) Monitor.Wait(_lock);
            if (_failure is not null) throw new InvalidOperationException(_failure.Message, _failure);
            if (_bucketOf is not null) CellNumbers.Give(_bucketOf, cells.Count);
            _bucketOf = null;
        }
    }

    /// <returns>The next of them, the caller's to release, until all are dropped; null after the last.</returns>
    public BucketRows? Next() => Interlocked.Increment(ref _next) is var page && page < _pages.Count ? _pages[page] : null;

    private void Add(BucketRows rows)
    {
        _bucketOf ??= CellNumbers.Take(cells.Count);
        for (var bucket = 0; bucket < rows.Count; bucket++)
        {
            ref var number = ref _bucketOf[cells.CellOf(rows.Series[bucket], rows.TimeNs[bucket])];
            if (number == 0)
            {
                if (_pages.Count == 0 || _pages[^1].Count == BucketRows.Capacity) _pages.Add(new BucketRows(spec));
                number = ((_pages.Count - 1) * BucketRows.Capacity) + _pages[^1].Begin(rows, bucket) + 1;
            }

            _pages[(number - 1) / BucketRows.Capacity].Add((number - 1) % BucketRows.Capacity, rows, bucket);
        }
    }
}
