using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Cold;

/// <summary>Writes rows of a sealed generation into files: sorted, and divided by their hours.</summary>
internal static class ColdMove
{
    /// <param name="files">Where to.</param>
    /// <param name="table">Whose rows.</param>
    /// <param name="generation">The one that was sealed.</param>
    /// <param name="rows">All of them, in any order; they do not change any more.</param>
    /// <param name="columns">Stored columns that the rows may have.</param>
    /// <param name="replaced">What the same generation replaced of its own, in order: it is left out.</param>
    /// <param name="stop">Ends it with an exception; nothing that was written is listed anywhere.</param>
    public static IReadOnlyList<ColdFile> Write(
        SeriesFiles files, SeriesTable table, int generation, IReadOnlyList<RowColumns> rows, IReadOnlyList<StoredColumn> columns,
        IReadOnlyList<RowKey> replaced, CancellationToken stop)
    {
        var versionSlot = table.KnownVersionSlot < columns.Count ? table.KnownVersionSlot : -1;
        var sorted = new SortedRows(rows, versionSlot);
        var written = new List<ColdFile>();
        foreach (var hours in MoveParts.Of(RowsOfHours(rows)))
        {
            using var writer = new ColdWriter(files, table, columns, generation, Compaction.FileRows);
            var filter = new RowFilter(replaced, versionSlot, long.MinValue);
            var gathered = Empty(columns);
            var places = new int[RowColumns.Capacity];
            var (count, hour, isIn) = (0, 0L, hours.Contains(0));
            foreach (var place in sorted.Places)
            {
                var (chunk, row) = (sorted.ChunkOf(place), SortedRows.RowOf(place));
                if (MoveParts.HourOf(chunk.TimeNs[row]) is var next && next != hour) (hour, isIn) = (next, hours.Contains(next));
                if (!isIn || !filter.Stays(chunk, row)) continue;
                places[count++] = place;
                if (count < places.Length) continue;
                stop.ThrowIfCancellationRequested();
                Gather(sorted, places, gathered);
                writer.Append(gathered, 0, count);
                count = 0;
            }

            Gather(sorted, places.AsSpan(0, count), gathered);
            writer.Append(gathered, 0, count);
            written.AddRange(writer.Finish());
        }

        return written;
    }

    private static Dictionary<long, long> RowsOfHours(IReadOnlyList<RowColumns> rows)
    {
        var hours = new Dictionary<long, long>();
        var (hour, count) = (0L, 0L);
        foreach (var chunk in rows)
        {
            foreach (var time in chunk.TimeNs.AsSpan(0, chunk.Count))
            {
                if (MoveParts.HourOf(time) is var next && next != hour)
                {
                    if (count > 0) hours[hour] = hours.GetValueOrDefault(hour) + count;
                    (hour, count) = (next, 0);
                }

                count++;
            }
        }

        if (count > 0) hours[hour] = hours.GetValueOrDefault(hour) + count;
        return hours;
    }

    private static RowColumns Empty(IReadOnlyList<StoredColumn> columns) =>
        new() { Columns = [.. columns.Select(static (column, slot) => slot < StoredColumn.First.Length ? null : new RowColumn(column.Type))] };

    private static void Gather(SortedRows sorted, ReadOnlySpan<int> places, RowColumns into)
    {
        into.Count = places.Length;
        for (var to = 0; to < places.Length; to++)
        {
            var (chunk, row) = (sorted.ChunkOf(places[to]), SortedRows.RowOf(places[to]));
            (into.Series[to], into.TimeNs[to]) = (chunk.Series[row], chunk.TimeNs[row]);
        }

        for (var slot = StoredColumn.First.Length; slot < into.Columns.Length; slot++)
        {
            var column = into.Columns[slot]!;
            column.Clear();
            for (var to = 0; to < places.Length; to++)
            {
                var (columns, row) = (sorted.ChunkOf(places[to]).Columns, SortedRows.RowOf(places[to]));
                if (slot >= columns.Length || columns[slot] is not { } from || !from.IsValid(row)) continue;
                if (column.Type == MeasureType.Varchar) column.Set(to, from.Text(row));
                else column.Set(to, from.Bits[row]);
            }
        }
    }
}
