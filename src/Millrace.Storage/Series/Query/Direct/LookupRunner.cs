using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
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
    private readonly List<RowColumns> _pages = [];
    private readonly ulong[] _wanted = new ulong[RowColumns.Capacity / 64];
    private long _textBytes;
    private bool _certain = true;

    private LookupRunner(Lookup lookup, TableSnapshot snapshot, LookupBuffers buffers)
    {
        _lookup = lookup;
        _buffers = buffers;
        _snapshot = snapshot;
        _slots = [.. lookup.Columns.Where(static column => column.Role == ColumnRole.Measure).Select(static column => column.At)
            .Concat(lookup.Tests.Select(static test => test.Slot)).Concat(lookup.ScaledTests.Select(static test => test.Slot)).Distinct()];
    }

    /// <param name="lookup">What is asked.</param>
    /// <param name="snapshot">The caller's to dispose.</param>
    /// <param name="stop">Nobody waits any more.</param>
    /// <returns>Columns and rows; null where it is too much.</returns>
    public static (List<QueryColumn> Columns, List<DataChunk> Chunks)? Run(Lookup lookup, TableSnapshot snapshot, CancellationToken stop)
    {
        var buffers = LookupBuffers.Rent();
        var runner = new LookupRunner(lookup, snapshot, buffers);
        var answer = runner.Gather(stop) && runner._certain ? (runner.Columns(), runner.Chunks()) : ((List<QueryColumn>, List<DataChunk>)?)null;
        LookupBuffers.Return(buffers);
        return answer;
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
        var gather = new LatestGather(_slots, _snapshot, _buffers.Latest, _buffers.Scan.Rows);
        for (var first = 0; first < count; first += RowColumns.Capacity)
        {
            stop.ThrowIfCancellationRequested();
            gather.Clear();
            for (var i = first; i < Math.Min(count, first + RowColumns.Capacity); i++) gather.Add(series is null ? i : series.Codes[i]);
            Keep(gather.Rows, gather.Rows.Count);
        }

        return true;
    }

    // Copies what passes: the reader's rows are its own.
    private int Keep(RowColumns rows, int count)
    {
        _wanted.AsSpan().Fill(ulong.MaxValue);
        foreach (var test in _lookup.Tests) test.Narrow(test.Slot < rows.Columns.Length ? rows.Columns[test.Slot] : null, count, _wanted);
        foreach (var test in _lookup.ScaledTests) Narrow(test, rows, count);
        Span<int> picked = stackalloc int[RowColumns.Capacity];
        var kept = 0;
        for (var row = 0; row < count; row++)
        {
            var (byTest, ns) = ((_wanted[row >> 6] >> row & 1) != 0, rows.TimeNs[row]);
            if (byTest && ns >= _lookup.Times.FromNs && ns <= _lookup.Times.ToNs) picked[kept++] = row;
        }

        if (kept == 0) return 0;
        var page = _buffers.NextPage();
        RowCopy.Prepare(page, _slots, _snapshot.Stored);
        for (var i = 0; i < kept; i++)
        {
            page.Series[i] = rows.Series[picked[i]];
            page.TimeNs[i] = rows.TimeNs[picked[i]];
        }

        page.Count = kept;
        foreach (var slot in _slots)
            if (slot < rows.Columns.Length && rows.Columns[slot] is { } column) Copy(column, picked[..kept], page.Columns[slot]!);
        _pages.Add(page);
        return kept;
    }

    private void Narrow(ScaledTest test, RowColumns rows, int count)
    {
        var column = test.Slot < rows.Columns.Length ? rows.Columns[test.Slot] : null;
        var values = _snapshot.Table.Values(test.Dimension);
        var valueOf = values.Of(_snapshot.SeriesCount);
        for (var row = 0; row < count && _certain; row++)
        {
            if ((_wanted[row >> 6] >> row & 1) == 0) continue;
            var number = valueOf[rows.Series[row]];
            var holds = number >= 0 && column?.IsValid(row) == true ? test.Holds(BitConverter.Int64BitsToDouble(column.Bits[row]), values[number]) : false;
            if (holds is null) _certain = false;
            else if (holds == false) _wanted[row >> 6] &= ~(1UL << row);
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

    private List<QueryColumn> Columns() => [.. _lookup.Columns.Select(static column =>
    {
        var type = NarrowedRows.TypeOf(column);
        return new QueryColumn(column.Name, type, type, 0, type);
    })];

    private List<DataChunk> Chunks()
    {
        var rows = Ordered();
        var types = _lookup.Columns.Select(NarrowedRows.TypeOf).ToArray();
        var chunks = new List<DataChunk>();
        try
        {
            for (var from = 0; from < rows.Length; from += DataChunk.Capacity)
            {
                var chunk = DataChunk.Create(types);
                chunks.Add(chunk);
                var part = rows.AsSpan(from, Math.Min(DataChunk.Capacity, rows.Length - from));
                for (var i = 0; i < types.Length; i++) Fill(chunk, i, part);
                chunk.Count = part.Length;
            }

            return chunks;
        }
        catch
        {
            foreach (var chunk in chunks) chunk.Dispose();
            throw;
        }
    }

    private (RowColumns Page, int Row)[] Ordered()
    {
        var rows = new (RowColumns Page, int Row)[_pages.Sum(static page => page.Count)];
        var at = 0;
        foreach (var page in _pages)
            for (var row = 0; row < page.Count; row++) rows[at++] = (page, row);
        if (_lookup.Order.Count > 0 && new LookupOrder(_lookup.Order, _snapshot) is var order && !IsOrdered(rows, order)) Array.Sort(rows, order);
        return _lookup.Limit < rows.Length ? rows[..(int)_lookup.Limit] : rows;
    }

    // Most often one series in the order of its times, as it was read.
    private static bool IsOrdered((RowColumns Page, int Row)[] rows, LookupOrder order)
    {
        for (var i = 1; i < rows.Length; i++)
            if (order.Compare(rows[i - 1], rows[i]) > 0) return false;
        return true;
    }

    private void Fill(DataChunk chunk, int number, ReadOnlySpan<(RowColumns Page, int Row)> rows)
    {
        var column = _lookup.Columns[number];
        var into = new OutputChunk(chunk.DangerousGetHandle())[number];
        if (column.IsOfSeries || column.Type == MeasureType.Varchar)
        {
            Texts(into, column, rows);
            return;
        }

        var values = new long[rows.Length];
        Span<ulong> valid = stackalloc ulong[DataChunk.Capacity / 64];
        valid.Clear();
        for (var i = 0; i < rows.Length; i++)
        {
            var (page, row) = rows[i];
            if (column.Role == ColumnRole.Time) values[i] = page.TimeNs[row];
            else if (column.Role == ColumnRole.Measure && page.Columns[column.At] is { } stored && stored.IsValid(row)) values[i] = stored.Bits[row];
            else continue;
            valid[i >> 6] |= 1UL << i;
        }

        if (column.Type == MeasureType.Boolean) into.FillBooleans(values, valid);
        else into.Fill(values, valid);
    }

    private void Texts(OutputVector into, ShapeColumn column, ReadOnlySpan<(RowColumns Page, int Row)> rows)
    {
        var values = column.IsOfSeries ? _snapshot.Table.Values(column.At) : null;
        var valueOf = values?.Of(_snapshot.SeriesCount) ?? [];
        Span<ulong> valid = stackalloc ulong[DataChunk.Capacity / 64];
        valid.Clear();
        for (var i = 0; i < rows.Length; i++)
        {
            var (page, row) = rows[i];
            if (values is not null ? valueOf[page.Series[row]] >= 0 : column.Role == ColumnRole.Measure && page.Columns[column.At] is { } stored && stored.IsValid(row))
                valid[i >> 6] |= 1UL << i;
        }

        var places = into.Texts(valid, rows.Length);
        var (last, lastSeries) = (-1, -1);
        for (var i = 0; i < rows.Length; i++)
        {
            if ((valid[i >> 6] >> i & 1) == 0) continue;
            var (page, row) = rows[i];
            if (values is null) places.Set(i, page.Columns[column.At]!.Text(row));
            else if (page.Series[row] == lastSeries) places.Repeat(i, last);
            else places.Set(i, values[valueOf[page.Series[row]]]);
            (last, lastSeries) = (i, page.Series[row]);
        }
    }
}
