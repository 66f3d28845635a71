using Millrace.Storage.Files;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series.Blocks;

/// <summary>Whole block files at once.</summary>
internal static class BlockRig
{
    public static BlockFileSummary Write(IDisk disk, string path, IReadOnlyList<StoredColumn> columns, IEnumerable<RowColumns> rows)
    {
        using var writer = new BlockFileWriter(disk, path, columns);
        foreach (var some in rows) writer.Append(some);
        return writer.Finish();
    }

    /// <summary>As scans read.</summary>
    public static List<string> LinesAhead(BlockFile file, IReadOnlyList<StoredColumn> columns)
    {
        int[] slots = [.. Enumerable.Range(0, columns.Count)];
        var (reader, rows, lines) = (new BlockReader(), new RowColumns(), new List<string>());
        for (var block = 0; block < file.Blocks.Length; block++)
        {
            reader.Read(file, block, Math.Min(file.Blocks.Length, (block / 5 * 5) + 5), slots, rows);
            lines.AddRange(SomeRows.Lines(rows, columns.Count));
        }

        return lines;
    }

    /// <summary>What the file knows of each column in each block, without reading rows.</summary>
    public static List<(int Block, int Slot, ColumnStatistics Known)> Statistics(BlockFile file, IReadOnlyList<StoredColumn> columns)
    {
        var (reader, all) = (new StatisticsReader(), new List<(int, int, ColumnStatistics)>());
        for (var block = 0; block < file.Blocks.Length; block++)
            for (var slot = 0; slot < columns.Count; slot++)
                if (reader.TryRead(file, block, slot, out var known)) all.Add((block, slot, known));
        return all;
    }

    public static List<string> Lines(BlockFile file, IReadOnlyList<StoredColumn> columns)
    {
        int[] slots = [.. Enumerable.Range(0, columns.Count)];
        var rows = new RowColumns();
        var lines = new List<string>();
        for (var block = 0; block < file.Blocks.Length; block++)
        {
            file.Read(block, slots, rows);
            lines.AddRange(SomeRows.Lines(rows, columns.Count));
        }

        return lines;
    }
}
