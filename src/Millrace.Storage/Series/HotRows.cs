using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series;

/// <summary>The rows of one table in one generation, in the order they came. Written under the store's lock.</summary>
/// <remarks>
/// Rows below a <see cref="Rows"/> seen under the lock never change, so any thread may read those without it; chunks go on being filled behind them, and the
/// words of validity that the last of them share with newer rows get more bits. Rows of a series are chained: those that were newer than all their series had
/// when they came (so each chain goes back in time), and apart from them the late ones.
/// </remarks>
internal sealed class HotRows(SeriesTable table, int generation, HotTotals totals)
{
    private const int ChunkBytes = RowColumns.Capacity * 16;
    private const int ColumnBytes = RowColumns.Capacity * 8;
    private const int LateRowBytes = 40;

    private readonly RowChains _inOrder = new();
    private HotChunk[] _chunks = new HotChunk[4];
    private RowChains? _late;
    private Dictionary<(int Series, long TimeNs), int>? _lateRows;
    private HotChunk? _chunk;
    private int _row = RowColumns.Capacity;
    private bool _isLate;

    public int Generation { get; } = generation;

    public int Rows { get; private set; }

    /// <summary>The chunk of rows <paramref name="number"/> * <see cref="RowColumns.Capacity"/> and after.</summary>
    public HotChunk this[int number] => _chunks[number];

    public HotChunk ChunkOf(int row) => _chunks[row / RowColumns.Capacity];

    /// <summary>The newest row of a series among those that came in order; -1 where there is none.</summary>
    public int LastOf(int series) => _inOrder.LastOf(series);

    /// <summary>The row of a series that came last of those that came late; -1 where there is none.</summary>
    public int LastLateOf(int series) => _late?.LastOf(series) ?? -1;

    /// <summary>The row that came before this one in its chain; -1 where there is none.</summary>
    public int Before(int row) => ChunkOf(row).Previous[row % RowColumns.Capacity];

    public long TimeOf(int row) => ChunkOf(row).Rows.TimeNs[row % RowColumns.Capacity];

    /// <summary>The column that a row may have a value in; null where all of its chunk have none.</summary>
    public RowColumn? ColumnOf(int row, int slot) => ChunkOf(row).Rows.Columns is var columns && slot < columns.Length ? columns[slot] : null;

    /// <summary>The version of a row; 1 where it does not say.</summary>
    public long VersionOf(int row, int versionSlot) =>
        versionSlot >= 0 && ColumnOf(row, versionSlot) is { } versions && versions.IsValid(row % RowColumns.Capacity) ? versions.Bits[row % RowColumns.Capacity] : 1;

    /// <summary>Begins a row. Values that are not set are null.</summary>
    /// <param name="series">Its code.</param>
    /// <param name="timeNs">Its time.</param>
    /// <param name="late">It is not newer than all its series has.</param>
    public void Begin(int series, long timeNs, bool late = false)
    {
        if (_row == RowColumns.Capacity) NextChunk();
        var chunk = _chunk!;
        chunk.Rows.Series[_row] = series;
        chunk.Rows.TimeNs[_row] = timeNs;
        chunk.FromNs = Math.Min(chunk.FromNs, timeNs);
        chunk.ToNs = Math.Max(chunk.ToNs, timeNs);
        _isLate = late;
    }

    /// <param name="slot">Of a stored column of the table.</param>
    /// <param name="bits">As in <see cref="RowColumn.Bits"/>.</param>
    public void Set(int slot, long bits) => Column(slot).Set(_row, bits);

    public void Set(int slot, bool value) => Set(slot, value ? 1L : 0L);

    public void Set(int slot, ReadOnlySpan<byte> text)
    {
        Column(slot).Set(_row, text);
        totals.Bytes += text.Length;
    }

    public void End()
    {
        var chunk = _chunk!;
        var (series, timeNs) = (chunk.Rows.Series[_row], chunk.Rows.TimeNs[_row]);
        if (_isLate)
        {
            _late ??= new RowChains();
            (_lateRows ??= [])[(series, timeNs)] = Rows;
            totals.Bytes += LateRowBytes;
        }

        // The chain leads to the row once all of it is there.
        ref var last = ref (_isLate ? _late! : _inOrder).Last(series);
        chunk.Previous[_row] = last;
        Volatile.Write(ref last, Rows);
        chunk.Rows.Count = ++_row;
        Rows++;
        totals.Rows++;
    }

    private void NextChunk()
    {
        var number = Rows / RowColumns.Capacity;
        if (number == _chunks.Length)
        {
            var more = new HotChunk[_chunks.Length * 2];
            _chunks.CopyTo(more, 0);
            Volatile.Write(ref _chunks, more);
        }

        _chunk = new HotChunk();
        _chunk.Rows.Columns = new RowColumn?[table.Stored.Count];
        _chunks[number] = _chunk;
        _row = 0;
        totals.Bytes += ChunkBytes;
    }

    private RowColumn Column(int slot)
    {
        var rows = _chunk!.Rows;
        if (slot >= rows.Columns.Length)
        {
            var wider = new RowColumn?[table.Stored.Count];
            rows.Columns.CopyTo(wider, 0);
            rows.Columns = wider;
        }

        return rows.Columns[slot] ?? NewColumn(rows, slot);
    }

    private RowColumn NewColumn(RowColumns rows, int slot)
    {
        totals.Bytes += ColumnBytes;
        return rows.Columns[slot] = new RowColumn(table.Stored[slot].Type, lasting: true);
    }

    /// <summary>Looks for rows at certain times, those of a series from the latest on: each chain is gone along once. Under the store's lock.</summary>
    internal struct Walk(HotRows rows)
    {
        private int _series = -1;
        private int _row = -1;

        /// <summary>The newest version of the row of a series at a time; -1 where there is none.</summary>
        public int Find(int series, long timeNs)
        {
            if (rows._lateRows is { } late && late.TryGetValue((series, timeNs), out var row)) return row;
            if (series != _series) (_series, _row) = (series, rows.LastOf(series));
            while (_row >= 0 && rows.TimeOf(_row) > timeNs) _row = rows.Before(_row);
            return _row >= 0 && rows.TimeOf(_row) == timeNs ? _row : -1;
        }
    }
}
