using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Query.Buckets;
using Millrace.Storage.Series.Query.Planning;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Direct;

/// <summary>Answers look-ups. For one at a time; small ones only, on the caller's thread.</summary>
internal sealed class LookupRunner
{
    /// <summary>Rows that may have to be looked at; more are DuckDB's, which has many threads and stops when it is told.</summary>
    private const long MaxLooked = 50_000;
    private const int MaxSeriesOfLatest = 16 * RowColumns.Capacity;

    /// <summary>Of texts that an answer may have, for it is in memory as a whole.</summary>
    private const long MaxTextBytes = 8 << 20;

    private readonly Lookup _lookup;
    private readonly TableSnapshot _snapshot;
    private readonly LookupBuffers _buffers;
    private readonly int[] _slots;
    private readonly List<(RowColumns Page, int Row)> _rows;
    private readonly ulong[] _wanted = new ulong[RowColumns.Capacity / 64];
    private readonly bool _hasTexts;
    private long _textBytes;
    private bool _certain = true;

    private LookupRunner(Lookup lookup, TableSnapshot snapshot, LookupBuffers buffers)
    {
        _lookup = lookup;
        _buffers = buffers;
        _rows = buffers.Rows;
        _snapshot = snapshot;
        _slots = lookup.Slots;
        _hasTexts = Array.Exists(_slots, slot => snapshot.Stored[slot].Type == MeasureType.Varchar);
    }

    /// <param name="lookup">What is asked.</param>
    /// <param name="snapshot">The caller's to dispose.</param>
    /// <param name="stop">Nobody waits any more.</param>
    /// <returns>The rows, which the caller disposes; null where it is too much.</returns>
    public static LookupRows? Run(Lookup lookup, TableSnapshot snapshot, CancellationToken stop)
    {
        var buffers = LookupBuffers.Rent();
        LookupRows? answer = null;
        try
        {
            var runner = new LookupRunner(lookup, snapshot, buffers);
            if (!runner.Gather(stop) || !runner._certain) return null;
            runner.Order();
            return answer = new LookupRows(lookup.Columns, snapshot, buffers);
        }
        finally
        {
            if (answer is null) LookupBuffers.Return(buffers);
        }
    }

    private bool Gather(CancellationToken stop)
    {
        var series = SeriesFilter.Of(_lookup.Shape.Table, _snapshot.SeriesCount, _lookup.Series);
        if (_lookup.Latest) return Latest(series, stop);
        var range = new ScanRange { Series = series, FromNs = _lookup.Times.FromNs, ToNs = _lookup.Times.ToNs };
        if (_lookup.Times.IsEmpty) return true;
        var scan = new SeriesScan(_snapshot, range, _slots) { Shortcut = BlockSieve.Of(_lookup.Tests) };
        if (scan.MostRows > MaxLooked) return false;
        var enough = _lookup.Order.Count == 0 ? _lookup.Limit : long.MaxValue;
        var reader = scan.Read(_buffers.Scan);
        for (var taken = 0L; taken < enough && reader.Next();)
        {
            stop.ThrowIfCancellationRequested();
            taken += Keep(reader.Rows, reader.Count);
            if (_textBytes > MaxTextBytes) return false;
        }

        return true;
    }

    private bool Latest(SeriesSet? series, CancellationToken stop)
    {
        var count = series?.Count ?? _snapshot.SeriesCount;
        if (count > MaxSeriesOfLatest) return false;
        var codes = series is null ? [.. Enumerable.Range(0, count)] : series.Codes;
        Span<int> picked = stackalloc int[RowColumns.Capacity];
        for (var first = 0; first < count; first += RowColumns.Capacity)
        {
            stop.ThrowIfCancellationRequested();
            var page = NextPage();
            LatestRow.Add(_snapshot, codes[first..Math.Min(count, first + RowColumns.Capacity)], _slots, _buffers.Scan.Rows, page);
            foreach (var row in picked[..Pick(page, page.Count, picked)])
            {
                _rows.Add((page, row));
                if (_hasTexts) _textBytes += TextBytes(page, row);
            }

            if (_textBytes > MaxTextBytes) return false;
        }

        return true;
    }

    // Copies what passes: the reader's rows are its own.
    private int Keep(RowColumns rows, int count)
    {
        Span<int> picked = stackalloc int[RowColumns.Capacity];
        var kept = Pick(rows, count, picked);
        if (kept == 0) return 0;
        var page = NextPage();
        for (var i = 0; i < kept; i++)
        {
            page.Series[i] = rows.Series[picked[i]];
            page.TimeNs[i] = rows.TimeNs[picked[i]];
            _rows.Add((page, i));
        }

        page.Count = kept;
        foreach (var slot in _slots)
            if (slot < rows.Columns.Length && rows.Columns[slot] is { } column) Copy(column, picked[..kept], page.Columns[slot]!);
        return kept;
    }

    private RowColumns NextPage()
    {
        var page = _buffers.NextPage();
        RowCopy.Prepare(page, _slots, _snapshot.Stored);
        return page;
    }

    /// <returns>How many rows pass; which, is in <paramref name="picked"/>.</returns>
    private int Pick(RowColumns rows, int count, Span<int> picked)
    {
        _wanted.AsSpan().Fill(ulong.MaxValue);
        foreach (var test in _lookup.Tests) test.Narrow(test.Slot < rows.Columns.Length ? rows.Columns[test.Slot] : null, count, _wanted);
        foreach (var test in _lookup.ScaledTests) Narrow(test, rows, count);
        var kept = 0;
        for (var row = 0; row < count; row++)
        {
            var (byTest, ns) = ((_wanted[row >> 6] >> row & 1) != 0, rows.TimeNs[row]);
            if (byTest && ns >= _lookup.Times.FromNs && ns <= _lookup.Times.ToNs) picked[kept++] = row;
        }

        return kept;
    }

    private long TextBytes(RowColumns page, int row) =>
        _slots.Sum(slot => page.Columns[slot] is { Type: MeasureType.Varchar } texts && texts.IsValid(row) ? texts.Text(row).Length : 0);

    private void Narrow(ScaledTest test, RowColumns rows, int count)
    {
        if (test.Slot >= rows.Columns.Length || rows.Columns[test.Slot] is not { } column)
        {
            _wanted.AsSpan().Clear();
            return;
        }

        var values = _snapshot.Table.Values(test.Dimension);
        var valueOf = values.Of(_snapshot.SeriesCount);
        var factors = new Dictionary<int, double?>();
        for (var row = 0; row < count && _certain; row++)
        {
            if ((_wanted[row >> 6] >> row & 1) == 0) continue;
            var holds = valueOf[rows.Series[row]] is var number and >= 0 && column.IsValid(row)
                ? Factor(number) is { } by ? test.Holds(BitConverter.Int64BitsToDouble(column.Bits[row]), by) : null
                : false;
            if (holds is null) _certain = false;
            else if (holds == false) _wanted[row >> 6] &= ~(1UL << row);
        }

        double? Factor(int number)
        {
            if (!factors.TryGetValue(number, out var factor)) factors.Add(number, factor = ScaledTest.Factor(values[number]));
            return factor;
        }
    }

    private void Copy(RowColumn from, ReadOnlySpan<int> rows, RowColumn into)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if (!from.IsValid(rows[i])) continue;
            if (from.Type == MeasureType.Varchar) into.Set(i, from.Text(rows[i]));
            else into.Set(i, from.Bits[rows[i]]);
            if (from.Type == MeasureType.Varchar) _textBytes += from.Text(rows[i]).Length;
        }
    }

    private void Order()
    {
        if (_lookup.Order.Count > 0 && new LookupOrder(_lookup.Order, _snapshot) is var order && !IsOrdered(order)) _rows.Sort(order);
        if (_lookup.Limit < _rows.Count) _rows.RemoveRange((int)_lookup.Limit, _rows.Count - (int)_lookup.Limit);
    }

    // Most often one series in the order of its times, as it was read.
    private bool IsOrdered(LookupOrder order)
    {
        for (var i = 1; i < _rows.Count; i++)
            if (order.Compare(_rows[i - 1], _rows[i]) > 0) return false;
        return true;
    }
}
