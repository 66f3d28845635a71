using System.Numerics;
using System.Runtime.Intrinsics;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Gathers rows into buckets as they come. For one thread.</summary>
/// <param name="spec">What is gathered.</param>
/// <param name="reader">Where the rows come from.</param>
/// <remarks>
/// Rows of files come sorted by series and time, so that all of a bucket follow one another. Those in memory come as they arrived, one of each series and then
/// the next: for these the bucket that each series is in is kept until there are very many.
/// </remarks>
internal sealed class BucketReader(BucketSpec spec, ScanReader reader)
{
    private const int MaxPages = 64;

    private readonly ulong[] _wanted = new ulong[RowColumns.Capacity / 64];
    private readonly List<BucketRows> _pages = [];
    private readonly BucketColumnSource[] _sources = [.. spec.Measures.Select(static (measure, at) => new BucketColumnSource(at, measure.Slot))];
    private readonly Queue<BucketRows> _ready = new();
    private readonly BlockTotals _blocks = new(spec, reader);
    private int[] _open = [];
    private RowColumns? _rows;
    private int _count;
    private int _at;
    private bool _over;

    /// <summary>Rows that were looked at.</summary>
    public long Rows { get; private set; }

    /// <summary>The next buckets.</summary>
    /// <param name="into">Filled where there is nothing better.</param>
    /// <returns>The buckets, until the next call; null after the last.</returns>
    public BucketRows? Read(BucketRows into)
    {
        into.Clear();
        while (true)
        {
            if (_rows is not null && !Runs(into)) return into;
            if (into.Count > 0 && (_over || _ready.Count > 0)) return into;
            if (_ready.TryDequeue(out var page)) return page;
            if (_over) return null;
            Next();
        }
    }

    private void Next()
    {
        _at = 0;
        var isMore = reader.Next();
        if (_blocks.Take(atEnd: !isMore) is { } blocks) _ready.Enqueue(blocks);
        if (!isMore)
        {
            _over = true;
            ReleasePages();
            return;
        }

        (_rows, _count) = (reader.Rows, reader.Count);
        Rows += _count;
        Select(_rows);
        if (!IsScattered(_rows)) return;
        Scatter(_rows);
        _rows = null;
    }

    private void Select(RowColumns rows)
    {
        _wanted.AsSpan().Fill(ulong.MaxValue);
        foreach (var test in spec.Tests) test.Narrow(Column(rows, test.Slot), _count, _wanted);
    }

    private static RowColumn? Column(RowColumns rows, int slot) => slot < rows.Columns.Length ? rows.Columns[slot] : null;

    /// <returns>Whether all rows are in buckets; false where <paramref name="into"/> is full.</returns>
    private bool Runs(BucketRows into)
    {
        var rows = _rows!;
        while (_at < _count)
        {
            // Rows that are not wanted begin nothing.
            var first = NextWanted(_at);
            if (first == _count) break;
            var (series, ns) = (rows.Series[first], rows.TimeNs[first]);
            int bucket;
            if (into.Count > 0 && into.Has(into.Count - 1, series, ns)) bucket = into.Count - 1;
            else if (into.Count == BucketRows.Capacity)
            {
                _at = first;
                return false;
            }
            else bucket = Begin(into, rows, first);

            var end = EndOfRun(rows, first, series, into.BeginOf(bucket), into.EndOf(bucket));
            Add(into, bucket, rows, first, end);
            _at = end;
        }

        _rows = null;
        return true;
    }

    private int NextWanted(int from)
    {
        while (from < _count)
        {
            var rest = _wanted[from >> 6] >> from;
            if (rest != 0) return Math.Min(_count, from + BitOperations.TrailingZeroCount(rest));
            from = (from | 63) + 1;
        }

        return _count;
    }

    private int EndOfRun(RowColumns rows, int from, int series, long fromNs, long endNs)
    {
        var row = from + 1;
        var (first, end) = (Vector256.Create(fromNs), Vector256.Create(endNs));
        var same = Vector128.Create(series);
        for (; row + 4 <= _count; row += 4)
        {
            var times = Vector256.LoadUnsafe(ref rows.TimeNs[row]);
            var inside = Vector256.GreaterThanOrEqual(times, first) & Vector256.LessThan(times, end);
            if (!Vector128.EqualsAll(Vector128.LoadUnsafe(ref rows.Series[row]), same) || inside.ExtractMostSignificantBits() != 15) break;
        }

        while (row < _count && rows.Series[row] == series && rows.TimeNs[row] >= fromNs && rows.TimeNs[row] < endNs) row++;
        return row;
    }

    private int Begin(BucketRows into, RowColumns rows, int row)
    {
        var bucket = into.Begin(rows.Series[row], rows.TimeNs[row], spec);
        for (var i = 0; i < into.Tested.Length; i++)
            if (Column(rows, spec.Tests[i].Slot) is { } column) into.Tested[i][bucket] = column.Bits[row];
        return bucket;
    }

    private void Add(BucketRows into, int bucket, RowColumns rows, int from, int end)
    {
        var count = 0;
        for (var word = from >> 6; word <= (end - 1) >> 6; word++) count += BitOperations.PopCount(_wanted[word] & BucketSums.Within(word, from, end));
        into.Rows[bucket] += count;
        if (spec.Times) Times(into, bucket, rows, from, end);
        foreach (var source in _sources)
            if (Column(rows, source.Slot) is { } column) BucketSums.Add(into.Columns[source.At], bucket, column, rows.TimeNs, _wanted, from, end);
    }

    private void Times(BucketRows into, int bucket, RowColumns rows, int from, int end)
    {
        for (var row = from; row < end; row++)
        {
            if ((_wanted[row >> 6] >> row & 1) == 0) continue;
            into.EarliestNs[bucket] = Math.Min(into.EarliestNs[bucket], rows.TimeNs[row]);
            into.LatestNs[bucket] = Math.Max(into.LatestNs[bucket], rows.TimeNs[row]);
        }
    }

    private bool IsScattered(RowColumns rows)
    {
        const int looked = 64;
        var changes = 0;
        for (var row = 1; row < Math.Min(looked, _count); row++)
            if (rows.Series[row] != rows.Series[row - 1]) changes++;
        return changes > looked / 4;
    }

    private void Scatter(RowColumns rows)
    {
        for (var row = NextWanted(0); row < _count; row = NextWanted(row + 1))
        {
            var (series, ns) = (rows.Series[row], rows.TimeNs[row]);
            if (series >= _open.Length) Widen(series);
            var open = _open[series] - 1;
            if (open < 0 || !_pages[open / BucketRows.Capacity].Has(open % BucketRows.Capacity, series, ns)) open = Open(rows, row);
            AddRow(_pages[open / BucketRows.Capacity], open % BucketRows.Capacity, rows, row);
        }
    }

    private void AddRow(BucketRows into, int bucket, RowColumns rows, int row)
    {
        into.Rows[bucket]++;
        if (spec.Times) Times(into, bucket, rows, row, row + 1);
        foreach (var source in _sources)
            if (Column(rows, source.Slot) is { } column && column.IsValid(row)) BucketSums.Add(into.Columns[source.At], bucket, column.Bits[row], rows.TimeNs[row]);
    }

    private int Open(RowColumns rows, int row)
    {
        if (_pages.Count == 0 || _pages[^1].Count == BucketRows.Capacity)
        {
            if (_pages.Count == MaxPages) ReleasePages();
            _pages.Add(new BucketRows(spec));
        }

        var open = ((_pages.Count - 1) * BucketRows.Capacity) + Begin(_pages[^1], rows, row);
        _open[rows.Series[row]] = open + 1;
        return open;
    }

    private void Widen(int series) => Array.Resize(ref _open, Math.Max(series + 1, _open.Length * 2));

    private void ReleasePages()
    {
        foreach (var page in _pages) _ready.Enqueue(page);
        _pages.Clear();
        _open.AsSpan().Clear();
    }

    /// <summary>Which stored column goes into which gathered one.</summary>
    private readonly record struct BucketColumnSource(int At, int Slot);
}
