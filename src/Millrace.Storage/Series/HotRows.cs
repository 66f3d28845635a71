using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series;

/// <summary>The rows of one table in one generation: gathered in chunks here, then appended to a table of DuckDB's. Under the store's lock.</summary>
/// <remarks>
/// A chunk is kept until DuckDB has its rows for certain: where an append fails (no memory), it is tried again, and no row is lost or doubled.
/// </remarks>
internal sealed class HotRows(SeriesTable table, int generation, HotTotals totals) : IDisposable
{
    private readonly List<(DataChunk Chunk, int Columns)> _full = [];
    private readonly Stack<DataChunk> _spare = new();
    private readonly TextArena _texts = new();
    private Vector[] _columns = [];
    private DataChunk? _chunk;
    private Appender? _appender;
    private int _appenderColumns;
    private int _row;

    public int Generation { get; } = generation;

    /// <summary>DuckDB's name of the table.</summary>
    public string Name { get; } = $"hot_{table.Id}_{generation}";

    /// <summary>Stored columns that DuckDB's table has; 0 before there is one.</summary>
    public int Columns { get; private set; }

    public long Rows { get; private set; }

    public bool Pending => _row > 0 || _full.Count > 0;

    /// <summary>Chunks full enough that DuckDB should have them even when nobody wants to see the rows yet.</summary>
    public bool ManyPending => _full.Count >= 48;

    /// <summary>Begins a row: series and time. Values that are not set are null.</summary>
    public void Begin(int series, long timeNs)
    {
        if (_chunk is null || _row == DataChunk.Capacity) NextChunk();
        _columns[0].Values<int>()[_row] = series;
        _columns[1].Values<long>()[_row] = timeNs;
        totals.Bytes += 12;
    }

    /// <param name="slot">A stored column that was there when the row began.</param>
    /// <param name="bits">The bits of a Double, a Bigint or a Timestamp.</param>
    public void Set(int slot, long bits)
    {
        _columns[slot].Set(_row, bits);
        totals.Bytes += 8;
    }

    public void Set(int slot, bool value)
    {
        _columns[slot].Set(_row, value);
        totals.Bytes += 1;
    }

    public void Set(int slot, ReadOnlySpan<byte> text)
    {
        _columns[slot].SetText(_row, text.Length > 12 ? _texts.Keep(text) : text);
        totals.Bytes += 16 + text.Length;
    }

    public void End()
    {
        _row++;
        Rows++;
        totals.Rows++;
    }

    /// <summary>The table has a new stored column: rows from here on may set it.</summary>
    public void ColumnsChanged()
    {
        EndChunk();
        while (_spare.TryPop(out var chunk)) chunk.Dispose();
    }

    /// <summary>Gives DuckDB's table the columns it lacks; rows need them, and nobody sees them without rows.</summary>
    public void Prepare(Connection connection)
    {
        EndChunk();
        var wants = _full.Count > 0 ? Math.Max(Columns, _full[^1].Columns) : Columns;
        if (wants == Columns) return;
        CloseAppender();
        connection.Execute(SeriesSql.MakeHot(Name, table.Stored, Columns, wants));
        Columns = wants;
        table.ViewStale = true;
    }

    /// <summary>Hands all rows over to DuckDB, in the connection's transaction; <see cref="Settle"/> when that is committed.</summary>
    public void Append(Connection connection)
    {
        try
        {
            for (var from = 0; from < _full.Count;)
            {
                var columns = _full[from].Columns;
                var end = _full.FindIndex(from, chunk => chunk.Columns != columns) is var next and >= 0 ? next : _full.Count;
                Append(connection, columns, from, end);
                from = end;
            }
        }
        catch
        {
            CloseAppender();
            throw;
        }
    }

    /// <summary>DuckDB has the rows for certain.</summary>
    public void Settle()
    {
        foreach (var (chunk, columns) in _full) Recycle(chunk, columns);
        _full.Clear();
        _texts.Clear();
    }

    /// <summary>No more rows: what is only needed to append goes.</summary>
    public void Close()
    {
        CloseAppender();
        while (_spare.TryPop(out var chunk)) chunk.Dispose();
    }

    public void Dispose()
    {
        CloseAppender();
        foreach (var (chunk, _) in _full) chunk.Dispose();
        foreach (var chunk in _spare) chunk.Dispose();
        _chunk?.Dispose();
        _texts.Dispose();
    }

    private void NextChunk()
    {
        EndChunk();
        var stored = table.Stored;
        if (!_spare.TryPop(out _chunk))
        {
            var types = new ColumnType[stored.Count];
            for (var i = 0; i < types.Length; i++) types[i] = stored[i].ChunkType;
            _chunk = DataChunk.Create(types);
        }

        if (_columns.Length != stored.Count) _columns = new Vector[stored.Count];
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i] = _chunk.WritableVector(i);
            if (i < StoredColumn.First.Length) _columns[i].SetAllValid();
            else _columns[i].SetAllNull();
        }
    }

    private void EndChunk()
    {
        if (_chunk is null) return;
        _chunk.Count = _row;
        if (_row > 0) _full.Add((_chunk, _columns.Length));
        else Recycle(_chunk, _columns.Length);
        _chunk = null;
        _row = 0;
    }

    private void Recycle(DataChunk chunk, int columns)
    {
        if (columns == table.Stored.Count && _spare.Count < 8) _spare.Push(chunk);
        else chunk.Dispose();
    }

    private void Append(Connection connection, int columns, int from, int end)
    {
        if (_appenderColumns != columns) CloseAppender();
        _appender ??= Appender.Open(connection, SeriesSql.Schema, Name, columns < Columns ? table.Stored.Take(columns).Select(static column => column.Name) : []);
        _appenderColumns = columns;
        for (var i = from; i < end; i++) _appender.Append(_full[i].Chunk);
        _appender.Flush();
    }

    private void CloseAppender()
    {
        _appender?.Clear();
        _appender?.Dispose();
        _appender = null;
    }
}
