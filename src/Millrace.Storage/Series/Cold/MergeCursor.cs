using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Cold;

/// <summary>Walks the rows of one file in their order, a block in memory at a time.</summary>
internal sealed class MergeCursor : IDisposable
{
    private readonly BlockFile _file;
    private readonly int[] _slots;
    private int _block = -1;

    public MergeCursor(BlockFile file, int versionSlot)
    {
        _file = file;
        _slots = [.. Enumerable.Range(StoredColumn.First.Length, file.Columns - StoredColumn.First.Length)];
        VersionSlot = versionSlot < file.Columns ? versionSlot : -1;
        NextBlock();
    }

    public RowColumns Rows { get; } = new();

    public int Row { get; private set; }

    public bool AtEnd { get; private set; }

    public int VersionSlot { get; }

    public RowKey Key => KeyOf(Row);

    /// <summary>The rows from here on, in this block, that come ahead of a row of another file.</summary>
    /// <returns>At least one.</returns>
    public int Ahead(RowKey? other)
    {
        if (other is not { } limit) return Rows.Count - Row;

        // In steps that double, then by halves: runs are long where files share few series, and of one row where they share a time.
        var (from, step) = (Row, 1);
        while (from + step < Rows.Count && KeyOf(from + step).CompareTo(limit) < 0) (from, step) = (from + step, step * 2);
        var end = Math.Min(from + step, Rows.Count);
        for (from++; from < end;)
        {
            var middle = (from + end) / 2;
            if (KeyOf(middle).CompareTo(limit) < 0) from = middle + 1;
            else end = middle;
        }

        return end - Row;
    }

    public void Skip(int rows)
    {
        Row += rows;
        if (Row == Rows.Count) NextBlock();
    }

    public void Dispose() => _file.Dispose();

    private void NextBlock()
    {
        Row = 0;
        AtEnd = ++_block >= _file.Blocks.Length;
        if (!AtEnd) _file.Read(_block, _slots, Rows);
    }

    private RowKey KeyOf(int row) => new(Rows.Series[row], Rows.TimeNs[row], RowVersion.Of(Rows, row, VersionSlot));
}
