namespace Millrace.Storage.Log;

/// <summary>The segments of one partition, oldest first, and how far they are committed.</summary>
/// <remarks>Changed by the commit thread alone; read by anybody, as a snapshot.</remarks>
internal sealed class SegmentList(Segment[] segments, long end)
{
    private Segment[] _segments = segments;
    private long _end = end;

    /// <summary>After the newest committed record. Moves last, when its frame can be found and read.</summary>
    public long End
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    public ReadOnlySpan<Segment> All => Volatile.Read(ref _segments);

    public long Start => All is [var oldest, ..] ? oldest.FirstOffset : End;

    public Segment? Active => All is [.., var newest] ? newest : null;

    public long Bytes
    {
        get
        {
            var sum = 0L;
            foreach (var segment in All) sum += segment.Length;
            return sum;
        }
    }

    /// <summary>Bytes from about where a record stands: within a segment, as if its records were all of one size.</summary>
    public long BytesFrom(long offset)
    {
        var all = All;
        var (end, sum) = (End, 0L);
        for (var i = 0; i < all.Length; i++)
        {
            var (first, next) = (all[i].FirstOffset, i + 1 < all.Length ? all[i + 1].FirstOffset : end);
            if (next <= offset || next <= first) continue;
            var bytes = all[i].Length - SegmentHeader.Size;
            sum += offset <= first ? bytes : (long)(bytes * ((double)(next - offset) / (next - first)));
        }

        return sum;
    }

    /// <summary>The last segment that begins at or before an offset; null where retention took it.</summary>
    public Segment? Find(long offset)
    {
        var all = All;
        var (low, high) = (0, all.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (all[middle].FirstOffset <= offset) low = middle + 1;
            else high = middle;
        }

        return low > 0 ? all[low - 1] : null;
    }

    /// <summary>Adds the new active segment. It takes the place of one that begins at the same offset, and so is empty.</summary>
    public void Add(Segment segment)
    {
        var kept = _segments is [.., var last] && last.FirstOffset == segment.FirstOffset ? _segments[..^1] : _segments;
        Volatile.Write(ref _segments, [.. kept, segment]);
    }

    /// <summary>Undoes <see cref="RemoveOldest"/>.</summary>
    public void PutBack(Segment segment) => Volatile.Write(ref _segments, [segment, .. _segments]);

    /// <summary>The log is deleted: nothing is there to be read.</summary>
    public void Clear() => Volatile.Write(ref _segments, []);

    public void RemoveOldest() => Volatile.Write(ref _segments, _segments[1..]);
}
