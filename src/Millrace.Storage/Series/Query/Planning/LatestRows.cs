using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>The newest row of each series of a table: <c>table$latest</c>.</summary>
/// <param name="scope">Of the statement.</param>
/// <param name="shape">Of the table; not newer than the snapshot.</param>
/// <param name="snapshot">The scope's.</param>
/// <param name="series">Only these; null for all.</param>
internal sealed class LatestRows(ScanScope scope, TableShape shape, TableSnapshot snapshot, SeriesSet? series) : IRowSource
{
    public IReadOnlyList<(string Name, ColumnType Type)> Columns { get; } = [.. shape.Columns.Select(static column => (column.Name, NarrowedRows.TypeOf(column)))];

    public long? Rows => series?.Count ?? snapshot.SeriesCount;

    public IRowScan Open(int[] columns) => new LatestScan(scope, snapshot, series, Array.ConvertAll(columns, number => NarrowedRows.Wanted(shape, snapshot.Table, number)));
}
