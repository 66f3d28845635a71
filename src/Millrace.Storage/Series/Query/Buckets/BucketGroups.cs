namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Puts the buckets that several threads gather together, so that each cell has one. Handed out when all rows were read.</summary>
/// <param name="spec">What is gathered.</param>
/// <param name="cells">Which buckets are one.</param>
internal sealed class BucketGroups(BucketSpec spec, BucketCells cells)
{
    private readonly object _lock = new();
    private readonly List<BucketRows> _pages = [];
    private readonly List<BucketRows> _finished = [];
    private int[]? _bucketOf;
    private Exception? _failure;
    private int _gathering;
    private int _next = -1;

    /// <summary>Takes in what a thread reads, and waits for what others are reading; none of them waits for anything but reading.</summary>
    /// <param name="reader">The thread's; it knows the cells.</param>
    public void Gather(BucketReader reader)
    {
        lock (_lock) _gathering++;
        Exception? failure = null;
        var own = new BucketRows(spec);
        try
        {
            while (reader.Read(own) is { } rows)
                if (Take(rows, rows == own)) own = new BucketRows(spec);
            own.Release();
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
            if (_bucketOf is not null) Forget(_bucketOf);
            _bucketOf = null;
        }
    }

    /// <returns>The next of them, the caller's to release, until all are dropped; null after the last.</returns>
    public BucketRows? Next() => Interlocked.Increment(ref _next) is var page && page < _finished.Count ? _finished[page]
        : page - _finished.Count < _pages.Count ? _pages[page - _finished.Count] : null;

    /// <summary>Most buckets are of a series that has a cell for itself, and all of their rows are in one block: nobody will have more of these.</summary>
    /// <returns>Whether the page is kept as it is.</returns>
    private bool Take(BucketRows rows, bool mayKeep)
    {
        mayKeep &= rows.Count > 2 * rows.Shared.Count;
        lock (_lock)
        {
            if (mayKeep)
            {
                foreach (var bucket in rows.Shared) Add(rows, bucket);
                rows.DropShared();
                _finished.Add(rows);
            }
            else
                for (var bucket = 0; bucket < rows.Count; bucket++) Add(rows, bucket);
        }

        return mayKeep;
    }

    private void Add(BucketRows rows, int bucket)
    {
        _bucketOf ??= CellNumbers.Take(cells.Count);
        ref var number = ref _bucketOf[cells.CellOf(rows.Series[bucket], rows.TimeNs[bucket])];
        if (number == 0)
        {
            if (_pages.Count == 0 || _pages[^1].Count == BucketRows.Capacity) _pages.Add(new BucketRows(spec));
            number = ((_pages.Count - 1) * BucketRows.Capacity) + _pages[^1].Begin(rows, bucket) + 1;
        }

        _pages[(number - 1) / BucketRows.Capacity].Add((number - 1) % BucketRows.Capacity, rows, bucket);
    }

    // Of many cells mostly few have a number.
    private void Forget(int[] numbers)
    {
        if (_pages.Count > cells.Count / BucketRows.Capacity / 16) numbers.AsSpan(0, cells.Count).Clear();
        else
        {
            foreach (var page in _pages)
                for (var bucket = 0; bucket < page.Count; bucket++) numbers[cells.CellOf(page.Series[bucket], page.TimeNs[bucket])] = 0;
        }

        CellNumbers.Give(numbers);
    }
}
