using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>A number for each bucket of each tuple of dimensions that rows of a scan can be in.</summary>
internal sealed class BucketCells
{
    /// <summary>More cells than this would take too much memory: 4 bytes each.</summary>
    private const int MaxCount = 1 << 24;

    private readonly int[] _tuples;
    private readonly bool[]? _several;
    private readonly long _firstNs;
    private readonly long _widthNs;
    private readonly int _steps;

    private BucketCells(int[] tuples, int tupleCount, bool[]? several, long firstNs, long widthNs, int steps)
    {
        (_tuples, _several, _firstNs, _widthNs, _steps) = (tuples, several, firstNs, widthNs, steps);
        Count = tupleCount * steps;
    }

    public int Count { get; }

    /// <param name="snapshot">Of the table.</param>
    /// <param name="range">What is read.</param>
    /// <param name="spec">The buckets.</param>
    /// <param name="dimensions">Series with the same values of these are one.</param>
    /// <param name="fixedDimensions">Those that are one must also have the same values of these.</param>
    /// <returns>Null where they do not, where there are too many, or where times are not in buckets.</returns>
    public static BucketCells? Of(TableSnapshot snapshot, ScanRange range, BucketSpec spec, IEnumerable<int> dimensions, IEnumerable<int> fixedDimensions)
    {
        if (!TryBounds(snapshot, range, out var fromNs, out var toNs)) return null;
        var (steps, firstNs) = (1L, 0L);
        if (spec.WidthNs > 0)
        {
            firstNs = spec.BucketOf(fromNs).FromNs;
            steps = ((toNs - fromNs) / spec.WidthNs) + 2;
        }

        var count = range.Series?.Count ?? snapshot.SeriesCount;
        if (count == 0) return null;
        var tuples = new SeriesTuples(snapshot, range.Series);
        foreach (var dimension in dimensions) tuples.Split(dimension);
        var distinct = tuples.Count;
        foreach (var dimension in fixedDimensions) tuples.Split(dimension);
        return tuples.Count == distinct && steps <= MaxCount / distinct ? new BucketCells(tuples.Of, distinct, SeveralOf(tuples, range.Series, count), firstNs, spec.WidthNs, (int)steps) : null;
    }

    /// <summary>Whether no other series has the same dimensions.</summary>
    public bool IsOfOne(int series) => _several is null || !_several[_tuples[series]];

    /// <summary>The same for series with the same dimensions.</summary>
    public int TupleOf(int series) => _tuples[series];

    public int CellOf(int series, long ns) => (_tuples[series] * _steps) + (_widthNs == 0 ? 0 : (int)((ns - _firstNs) / _widthNs));

    private static bool[]? SeveralOf(SeriesTuples tuples, SeriesSet? series, int count)
    {
        if (tuples.Count == count) return null;
        var (met, several) = (new bool[tuples.Count], new bool[tuples.Count]);
        for (var i = 0; i < count; i++)
        {
            var tuple = tuples.Of[series is null ? i : series.Codes[i]];
            several[tuple] |= met[tuple];
            met[tuple] = true;
        }

        return several;
    }

    // Times before 1970 are no buckets.
    private static bool TryBounds(TableSnapshot snapshot, ScanRange range, out long fromNs, out long toNs)
    {
        (fromNs, toNs) = (long.MaxValue, long.MinValue);
        foreach (var file in snapshot.Files) (fromNs, toNs) = (Math.Min(fromNs, file.File.FromNs), Math.Max(toNs, file.File.ToNs));
        foreach (var hot in (ReadOnlySpan<HotView?>)[snapshot.Hot, snapshot.Sealed])
        {
            for (var first = 0; first < hot?.Count; first += Rows.RowColumns.Capacity)
            {
                var chunk = hot.Value.Rows[first / Rows.RowColumns.Capacity];
                (fromNs, toNs) = (Math.Min(fromNs, chunk.FromNs), Math.Max(toNs, chunk.ToNs));
            }
        }

        (fromNs, toNs) = (Math.Max(Math.Max(fromNs, range.FromNs), snapshot.KeptFromNs), Math.Min(toNs, range.ToNs));
        return fromNs >= 0 && fromNs <= toNs;
    }
}
