using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Query.Buckets;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Some rows of a table, under the names that people know.</summary>
/// <param name="scope">Of the statement.</param>
/// <param name="shape">Of the table; not newer than the snapshot.</param>
/// <param name="snapshot">The scope's.</param>
/// <param name="range">The rows.</param>
/// <param name="tests">Rows that fail one may be left out.</param>
internal sealed class NarrowedRows(ScanScope scope, TableShape shape, TableSnapshot snapshot, ScanRange range, IReadOnlyList<MeasureTest> tests) : IRowSource
{
    public IReadOnlyList<(string Name, ColumnType Type)> Columns { get; } = [.. shape.Columns.Select(static column => (column.Name, TypeOf(column)))];

    public long? Rows { get; } = snapshot.Rows * (range.Series?.Count ?? snapshot.SeriesCount) / Math.Max(1, snapshot.SeriesCount);

    public static ColumnType TypeOf(ShapeColumn column) => new StoredColumn("", column.Type).ChunkType;

    public IRowScan Open(int[] columns)
    {
        var wanted = Array.ConvertAll(columns, number => Wanted(shape, snapshot.Table, number));
        var scan = new SeriesScan(snapshot, range, SlotsOf(wanted)) { Shortcut = BlockSieve.Of(tests) };
        scope.Add(scan);
        return new TableScan(scan, wanted);
    }

    /// <summary>The stored columns that are to be read.</summary>
    internal static int[] SlotsOf(TableColumn[] columns) =>
        [.. columns.Where(static column => column.Kind == TableColumnKind.Stored && column.Number < int.MaxValue).Select(static column => column.Number).Distinct()];

    /// <summary>Where the values of a column of the shape come from.</summary>
    internal static TableColumn Wanted(TableShape shape, SeriesTable table, int number)
    {
        if (number >= shape.Columns.Count) return new TableColumn(TableColumnKind.Nothing, 0, default, null);
        var column = shape.Columns[number];
        return column.Role switch
        {
            ColumnRole.Dimension or ColumnRole.MeasureName => new TableColumn(TableColumnKind.OfSeries, column.At, column.Type, table.Values(column.At)),
            ColumnRole.Time => new TableColumn(TableColumnKind.Time, 1, column.Type, null),
            ColumnRole.Measure => new TableColumn(TableColumnKind.Stored, column.At, column.Type, null),

            // A column that no row has is null in each.
            _ => new TableColumn(TableColumnKind.Stored, int.MaxValue, column.Type, null),
        };
    }
}
