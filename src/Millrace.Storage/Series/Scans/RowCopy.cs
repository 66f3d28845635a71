using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>Copies rows from where they are into columns of a reader's own.</summary>
internal static class RowCopy
{
    /// <summary>Makes room for these columns, all null, and drops all others.</summary>
    public static void Prepare(RowColumns into, ReadOnlySpan<int> slots, IReadOnlyList<StoredColumn> stored)
    {
        into.Count = 0;
        var highest = -1;
        foreach (var slot in slots) highest = Math.Max(highest, slot);
        if (into.Columns.Length <= highest)
        {
            var wider = new RowColumn?[highest + 1];
            into.Columns.CopyTo(wider, 0);
            into.Columns = wider;
        }

        for (var slot = 0; slot < into.Columns.Length; slot++)
        {
            if (slot < StoredColumn.First.Length || !slots.Contains(slot)) into.Columns[slot] = null;
            else if (into.Columns[slot] is { } column && column.Type == stored[slot].Type) column.Clear();
            else into.Columns[slot] = new RowColumn(stored[slot].Type);
        }
    }

    /// <summary>Adds one hot row at the end.</summary>
    public static void Add(RowColumns into, ReadOnlySpan<int> slots, HotRows hot, int row) => Add(into, slots, hot.ChunkOf(row).Rows, row % RowColumns.Capacity);

    /// <summary>Adds one row of others at the end.</summary>
    public static void Add(RowColumns into, ReadOnlySpan<int> slots, RowColumns from, int row)
    {
        var at = into.Count++;
        into.Series[at] = from.Series[row];
        into.TimeNs[at] = from.TimeNs[row];
        var columns = from.Columns;
        foreach (var slot in slots)
            if (slot >= StoredColumn.First.Length && slot < columns.Length && columns[slot] is { } column && column.IsValid(row)) Copy(column, row, into.Columns[slot]!, at);
    }

    /// <summary>Takes some rows of a chunk, or of a block that was read into <paramref name="into"/> itself; they become the only ones.</summary>
    /// <param name="into">Prepared, where it is not the chunk itself.</param>
    /// <param name="slots">Columns wanted.</param>
    /// <param name="from">The rows.</param>
    /// <param name="rows">Which of them, ascending.</param>
    public static void Pick(RowColumns into, ReadOnlySpan<int> slots, RowColumns from, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            into.Series[i] = from.Series[rows[i]];
            into.TimeNs[i] = from.TimeNs[rows[i]];
        }

        into.Count = rows.Length;
        var columns = from.Columns;
        foreach (var slot in slots)
            if (slot >= StoredColumn.First.Length && slot < columns.Length && columns[slot] is { } column) into.Columns[slot]!.Pick(column, rows);
    }

    /// <summary>One value that is not null.</summary>
    public static void Copy(RowColumn from, int row, RowColumn into, int at)
    {
        if (from.Type == MeasureType.Varchar) into.Set(at, from.Text(row));
        else into.Set(at, from.Bits[row]);
    }
}
