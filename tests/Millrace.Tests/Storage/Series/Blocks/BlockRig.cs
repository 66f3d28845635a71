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
