using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series;

/// <summary>A table's series as a table of DuckDB's, which queries join to rows: code, measure name and dimensions. Under the store's lock.</summary>
internal sealed class SeriesNames(SeriesTable table)
{
    private const int FixedColumns = 2;

    private int _columns;
    private int _rows;
    private int _appended;

    /// <summary>DuckDB's name of the table.</summary>
    public string Name { get; } = $"series_{table.Id}";

    /// <summary>Dimension columns that DuckDB's table has.</summary>
    public int Dimensions => Math.Max(0, _columns - FixedColumns);

    public bool Pending => _rows < table.Series.Count || _columns != FixedColumns + table.Dimensions.Length;

    /// <summary>Gives DuckDB's table the columns it lacks.</summary>
    public void Prepare(Connection connection)
    {
        var dimensions = table.Dimensions.Length;
        if (_columns == FixedColumns + dimensions) return;
        connection.Execute(SeriesSql.MakeNames(Name, Dimensions, dimensions, make: _columns == 0));
        _columns = FixedColumns + dimensions;
        table.ViewStale = true;
    }

    /// <summary>Hands new series over to DuckDB, in the connection's transaction; <see cref="Settle"/> when that is committed.</summary>
    public void Append(Connection connection)
    {
        if (_rows == table.Series.Count) return;
        var types = new ColumnType[_columns];
        Array.Fill(types, ColumnType.Varchar);
        types[0] = ColumnType.Integer;
        using var texts = new TextArena();
        using var chunk = DataChunk.Create(types);
        using var appender = Appender.Open(connection, SeriesSql.Schema, Name, []);
        var columns = new Vector[types.Length];
        for (var i = 0; i < columns.Length; i++) columns[i] = chunk.WritableVector(i);
        try
        {
            for (_appended = _rows; _appended < table.Series.Count; _appended += chunk.Count)
            {
                foreach (var column in columns) column.SetAllNull();
                chunk.Count = Math.Min(DataChunk.Capacity, table.Series.Count - _appended);
                for (var row = 0; row < chunk.Count; row++) Fill(columns, row, _appended + row, texts);
                appender.Append(chunk);
                texts.Clear();
            }

            appender.Flush();
        }
        catch
        {
            appender.Clear();
            throw;
        }
    }

    public void Settle() => _rows = Math.Max(_rows, _appended);

    private void Fill(Vector[] columns, int row, int code, TextArena texts)
    {
        var key = table.Series.KeyOf(code);
        columns[0].Set(row, code);
        columns[1].SetText(row, texts.Keep(SeriesIndex.MeasureNameOf(key)));
        for (var dimension = SeriesIndex.DimensionsOf(key); dimension.Next();)
            columns[FixedColumns + dimension.Column].SetText(row, texts.Keep(dimension.Value));
    }
}
