using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Scans;

/// <summary>The rows of a table for DuckDB, with their dimensions and measure name; the table's view gives the columns the names people know.</summary>
internal sealed class TableRows : IRowSource
{
    private readonly SeriesTable _table;
    private readonly TableSnapshot? _snapshot;
    private readonly ScanScope _scope;
    private readonly ScanRange _range;
    private readonly List<(string Name, ColumnType Type)> _columns = [];
    private readonly int _dimensions;

    /// <param name="scope">Of the statement.</param>
    /// <param name="table">The table.</param>
    /// <param name="snapshot">Of it, the scope's; null where nothing will be read: a view is made.</param>
    /// <param name="range">The rows wanted.</param>
    public TableRows(ScanScope scope, SeriesTable table, TableSnapshot? snapshot, ScanRange range)
    {
        (_scope, _table, _snapshot, _range) = (scope, table, snapshot, range);
        _dimensions = table.Dimensions.Length;
        for (var i = 0; i < _dimensions; i++) _columns.Add((DimensionName(i), ColumnType.Varchar));
        _columns.Add((MeasureName, ColumnType.Varchar));
        foreach (var column in table.Stored.Skip(1)) _columns.Add((column.Name, column.ChunkType));
    }

    public const string MeasureName = "measure_name";

    public IReadOnlyList<(string Name, ColumnType Type)> Columns => _columns;

    public long? Rows => _snapshot?.Rows;

    public static string DimensionName(int dimension) => $"d{dimension}";

    public IRowScan Open(int[] columns)
    {
        var snapshot = _snapshot ?? throw new InvalidOperationException($"{_table.Name} is only described here, not read");
        var wanted = Array.ConvertAll(columns, Wanted);
        var slots = wanted.Where(static column => column.Kind == TableColumnKind.Stored).Select(static column => column.Number).Distinct().ToArray();
        var scan = new SeriesScan(snapshot, _range, slots);
        _scope.Add(scan);
        return new TableScan(scan, wanted);
    }

    private TableColumn Wanted(int column)
    {
        if (column < _dimensions) return new TableColumn(TableColumnKind.OfSeries, column, MeasureType.Varchar, _table.Values(column));
        if (column == _dimensions) return new TableColumn(TableColumnKind.OfSeries, ValueIndex.MeasureName, MeasureType.Varchar, _table.Values(ValueIndex.MeasureName));
        if (column >= _columns.Count) return new TableColumn(TableColumnKind.Nothing, 0, default, null);
        var slot = column - _dimensions;
        return new TableColumn(slot == 1 ? TableColumnKind.Time : TableColumnKind.Stored, slot, _table.Stored[slot].Type, null);
    }
}
