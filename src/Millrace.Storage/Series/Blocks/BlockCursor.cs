using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Where a merge is in one of its files.</summary>
internal sealed class BlockCursor
{
    private readonly BlockFile _file;
    private readonly int[] _slots;
    private readonly CancellationToken _stop;
    private int _block = -1;

    /// <param name="file">Stays the caller's.</param>
    /// <param name="number">Among the files: of equal rows that of the lower number stays.</param>
    /// <param name="versionSlot">-1 where every row has version 1.</param>
    /// <param name="stop">Looked at ahead of each block.</param>
    public BlockCursor(BlockFile file, int number, int versionSlot, CancellationToken stop)
    {
        _file = file;
        _stop = stop;
        Number = number;
        VersionSlot = versionSlot >= 0 ? versionSlot : int.MaxValue;
        _slots = [.. Enumerable.Range(0, file.Columns).Where(slot => Enumerable.Range(0, file.Blocks.Length).Any(block => file.HasValues(block, slot)))];
        Next();
    }

    public int Number { get; }

    /// <summary>The block it is in.</summary>
    public RowColumns Rows { get; } = new();

    /// <summary>The next row in it.</summary>
    public int Row { get; private set; }

    public bool AtEnd => _block == _file.Blocks.Length;

    public (int Series, long TimeNs) Key => KeyOf(Row);

    private int VersionSlot { get; }

    public (int Series, long TimeNs) KeyOf(int row) => (Rows.Series[row], Rows.TimeNs[row]);

    /// <summary>A row of which nobody said has version 1.</summary>
    public long VersionOf(int row) =>
        VersionSlot < Rows.Columns.Length && Rows.Columns[VersionSlot] is { } versions && versions.IsValid(row) ? versions.Bits[row] : 1;

    /// <summary>The rows from here on that come before a key, in this block; at least one.</summary>
    /// <returns>The row behind them.</returns>
    public int RowsBefore((int Series, long TimeNs) key)
    {
        var end = Row + 1;
        while (end < Rows.Count && KeyOf(end).CompareTo(key) < 0) end++;
        return end;
    }

    public void MoveTo(int row)
    {
        Row = row;
        if (row == Rows.Count) Next();
    }

    private void Next()
    {
        _stop.ThrowIfCancellationRequested();
        Row = 0;
        if (++_block < _file.Blocks.Length) _file.Read(_block, _slots, Rows);
    }
}
