using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>One reading of <see cref="LatestRows"/>: threads take some series at a time.</summary>
internal sealed class LatestScan(ScanScope scope, TableSnapshot snapshot, SeriesSet? series, TableColumn[] columns) : IRowScan
{
    private const int SeriesAtOnce = 256;

    private readonly ScanScope _scope = scope;
    private readonly TableSnapshot _snapshot = snapshot;
    private readonly SeriesSet? _series = series;
    private readonly TableColumn[] _columns = columns;
    private readonly int[] _slots = NarrowedRows.SlotsOf(columns);
    private int _next;

    private int Count => _series?.Count ?? _snapshot.SeriesCount;

    public int Threads => Math.Max(1, Count / SeriesAtOnce);

    public IRowReader Read() => new Reader(this);

    public void Dispose()
    {
    }

    private bool Take(out int first, out int end)
    {
        first = Interlocked.Add(ref _next, SeriesAtOnce) - SeriesAtOnce;
        end = Math.Min(first + SeriesAtOnce, Count);
        return first < end;
    }

    private sealed class Reader(LatestScan of) : IRowReader
    {
        private readonly LatestGather _rows = new(of._slots, of._snapshot, new RowColumns(), new RowColumns());
        private readonly TableFill _fill = new(of._columns, of._snapshot.SeriesCount);

        public int Fill(in OutputChunk into)
        {
            while (of.Take(out var first, out var end))
            {
                if (of._scope.Stopped) throw new OperationCanceledException("the scan was stopped");
                _rows.Clear();
                _rows.Add(of._series is { } some ? some.Codes[first..end] : [.. Enumerable.Range(first, end - first)]);
                if (_rows.Rows.Count == 0) continue;
                _fill.Fill(into, _rows.Rows, _rows.Rows.Count);
                return _rows.Rows.Count;
            }

            return 0;
        }

        public void Dispose() => _fill.Dispose();
    }
}
