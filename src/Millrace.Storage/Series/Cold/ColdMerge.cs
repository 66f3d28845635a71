using Millrace.Storage.Series.Blocks;

namespace Millrace.Storage.Series.Cold;

/// <summary>Writes the rows of several files of one table into one, in their order; a block of each is in memory.</summary>
internal static class ColdMerge
{
    /// <summary>A block of one column, with the text it may have.</summary>
    private const long ColumnBytes = 24 << 10;
    private const long MaxBytes = 128 << 20;
    private const int Often = 4096;

    /// <summary>So many files at a time, so that their blocks take 128 MiB at most.</summary>
    public static int MostFiles(int columns) => (int)Math.Clamp(MaxBytes / (ColumnBytes * columns), 8, 512);

    /// <param name="files">Where they are, and where to.</param>
    /// <param name="table">Whose.</param>
    /// <param name="generation">The newest that is in files.</param>
    /// <param name="parts">On the disk.</param>
    /// <param name="stored">The table's stored columns.</param>
    /// <param name="filter">Which rows stay.</param>
    /// <param name="between">Called every few thousand rows. An exception of its ends the merge; nothing that was written is listed anywhere.</param>
    public static IReadOnlyList<ColdFile> Write(
        SeriesFiles files, SeriesTable table, int generation, IReadOnlyList<ColdFile> parts, IReadOnlyList<StoredColumn> stored, RowFilter filter, Action between)
    {
        var cursors = new List<MergeCursor>();
        var order = new PriorityQueue<MergeCursor, RowKey>();
        try
        {
            using var writer = new ColdWriter(files, table, [.. stored.Take(parts.Max(static file => file.Columns))], generation, Compaction.FileRows);
            foreach (var part in parts)
            {
                var cursor = new MergeCursor(BlockFile.Open(files.Disk, part.Path, stored), table.KnownVersionSlot);
                cursors.Add(cursor);
                if (!cursor.AtEnd) order.Enqueue(cursor, cursor.Key);
            }

            var since = Often;
            while (order.TryDequeue(out var cursor, out _))
            {
                if (since >= Often)
                {
                    between();
                    since = 0;
                }

                var run = cursor.Ahead(order.TryPeek(out _, out var next) ? next : null);
                Append(cursor, run, filter, writer);
                cursor.Skip(run);
                since += run;
                if (!cursor.AtEnd) order.Enqueue(cursor, cursor.Key);
            }

            return writer.Finish();
        }
        finally
        {
            foreach (var cursor in cursors) cursor.Dispose();
        }
    }

    private static void Append(MergeCursor cursor, int run, RowFilter filter, ColdWriter writer)
    {
        for (int row = cursor.Row, end = cursor.Row + run; row < end;)
        {
            var stays = row;
            while (stays < end && filter.Stays(cursor.Rows, stays)) stays++;
            if (stays > row) writer.Append(cursor.Rows, row, stays - row);
            row = stays + 1;
        }
    }
}
