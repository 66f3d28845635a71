using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>The rows of the block that a writer is filling.</summary>
internal sealed class BlockRows
{
    private readonly RowColumns _rows = new();
    private readonly int[] _textBytes;

    public BlockRows(IReadOnlyList<StoredColumn> columns)
    {
        _rows.Columns = [.. columns.Select(static (column, slot) => slot < StoredColumn.First.Length ? null : new RowColumn(column.Type))];
        _textBytes = new int[columns.Count];
    }

    public int Count => _rows.Count;

    public RowColumns Rows => _rows;

    public int LastSeries => _rows.Series[_rows.Count - 1];

    public void Clear()
    {
        _rows.Count = 0;
        _textBytes.AsSpan().Clear();
        foreach (var column in _rows.Columns) column?.Clear();
    }

    /// <summary>Copies rows, as many as there is room for.</summary>
    /// <returns>How many: 0 where the block is full.</returns>
    public int Take(RowColumns from, int first, int count)
    {
        count = Fitting(from, first, Math.Min(count, BlockLimits.Rows - Count));
        from.Series.AsSpan(first, count).CopyTo(_rows.Series.AsSpan(Count));
        from.TimeNs.AsSpan(first, count).CopyTo(_rows.TimeNs.AsSpan(Count));
        for (var slot = StoredColumn.First.Length; slot < _rows.Columns.Length; slot++)
            if (slot < from.Columns.Length && from.Columns[slot] is { } column) Take(column, first, count, slot);
        _rows.Count += count;
        return count;
    }

    private void Take(RowColumn from, int first, int count, int slot)
    {
        var into = _rows.Columns[slot]!;
        if (from.Type != into.Type) throw new ArgumentException($"column {slot} holds {into.Type}, and rows with {from.Type} came");
        CopyBits(from.Valid, first, into.Valid, Count, count);
        if (from.Type == MeasureType.Varchar) TakeTexts(from, first, count, into, slot);
        else from.Bits.AsSpan(first, count).CopyTo(into.Bits.AsSpan(Count));
    }

    private void TakeTexts(RowColumn from, int first, int count, RowColumn into, int slot)
    {
        // Rows read from a block share the places of equal texts.
        long lastFrom = -1, lastInto = 0;
        for (var i = 0; i < count; i++)
        {
            if (!from.IsValid(first + i)) continue;
            if (from.Bits[first + i] != lastFrom)
            {
                lastFrom = from.Bits[first + i];
                lastInto = into.Keep(from.Text(first + i));
            }

            into.Bits[Count + i] = lastInto;
            _textBytes[slot] += (int)lastInto;
        }
    }

    /// <summary>How many of the rows have room for their texts.</summary>
    private int Fitting(RowColumns from, int first, int count)
    {
        for (var slot = StoredColumn.First.Length; slot < Math.Min(_rows.Columns.Length, from.Columns.Length); slot++)
        {
            if (from.Columns[slot] is not { Type: MeasureType.Varchar } column) continue;
            long used = _textBytes[slot];
            for (var i = 0; i < count; i++)
            {
                if (!column.IsValid(first + i)) continue;
                used += (uint)column.Bits[first + i];
                if (used > BlockLimits.TextBytes) count = i;
            }
        }

        if (count == 0 && Count == 0) throw new ArgumentException($"a text of more than {BlockLimits.TextBytes} bytes");
        return count;
    }

    private static void CopyBits(ulong[] from, int at, ulong[] into, int to, int count)
    {
        for (var done = 0; done < count;)
        {
            var take = Math.Min(count - done, Math.Min(64 - ((at + done) & 63), 64 - ((to + done) & 63)));
            var bits = from[(at + done) >> 6] >> ((at + done) & 63);
            if (take < 64) bits &= (1UL << take) - 1;
            into[(to + done) >> 6] |= bits << ((to + done) & 63);
            done += take;
        }
    }
}
