using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Reads all of a block file and finds everything that is wrong with it.</summary>
internal static class BlockVerify
{
    /// <summary>A file with so many faults is not looked at further.</summary>
    public const int MostFaults = 100;

    /// <param name="disk">Where it is.</param>
    /// <param name="path">One file.</param>
    /// <param name="columns">All stored columns of the table; the file has the first of them.</param>
    /// <param name="stop">Looked at ahead of each block.</param>
    /// <returns>Each fault, with file and byte; none where the file is good.</returns>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public static IReadOnlyList<string> Run(IDisk disk, string path, IReadOnlyList<StoredColumn> columns, CancellationToken stop)
    {
        var faults = new List<string>();
        using var file = Try(faults, () => BlockFile.Open(disk, path, columns));
        if (file is null) return faults;
        var last = (Series: -1, TimeNs: long.MinValue, Version: long.MinValue);
        var (rows, known) = (new RowColumns(), new StatisticsReader());
        var versionSlot = columns.Take(file.Columns).Select(static column => column.Name).ToList().IndexOf(StoredColumn.Version);
        for (var block = 0; block < file.Blocks.Length && faults.Count < MostFaults; block++)
        {
            stop.ThrowIfCancellationRequested();
            var versions = ReadColumns(file, block, columns, versionSlot, known, faults);
            var number = block;
            if (Try(faults, () => Read(file, number, rows)) is null) continue;
            if (WrongOrder(rows, versions, ref last) is { } order) faults.Add(file.Corrupt(block, order).Message);
            if (WrongEntry(file.Blocks[block], rows) is { } entry) faults.Add(file.Corrupt(block, entry).Message);
        }

        return faults;
    }

    /// <returns>The versions, where there are any and they can be read.</returns>
    private static RowColumn? ReadColumns(BlockFile file, int block, IReadOnlyList<StoredColumn> columns, int versionSlot, StatisticsReader known, List<string> faults)
    {
        RowColumn? versions = null;
        for (var slot = StoredColumn.First.Length; slot < file.Columns; slot++)
        {
            var (column, number) = (new RowColumn(columns[slot].Type), slot);
            var read = Try(faults, () =>
            {
                file.ReadColumn(block, number, column);
                return column;
            });
            if (slot == versionSlot) versions = read;
            if (read is not null && ColumnStatistics.AreKeptOf(columns[slot])) CheckStatistics(file, block, slot, read, known, faults);
        }

        return versions;
    }

    private static void CheckStatistics(BlockFile file, int block, int slot, RowColumn column, StatisticsReader known, List<string> faults)
    {
        if (!file.KeepsStatistics) return;
        var rows = file.Blocks[block].Rows;
        var has = ColumnStatistics.TryOf(column, rows, out var found);
        var wrong = Try(faults, () => known.TryRead(file, block, slot, out var kept) == (has || !file.HasValues(block, slot)) && kept.IsSame(found, column.Type)
            ? "" : $"of block {block} they are {kept}, and its values are {found}");
        if (wrong is { Length: > 0 }) faults.Add(file.CorruptStatistics(file.Blocks[block].Group, slot, wrong).Message);
    }

    private static RowColumns Read(BlockFile file, int block, RowColumns rows)
    {
        file.Read(block, [], rows);
        return rows;
    }

    private static string? WrongOrder(RowColumns rows, RowColumn? versions, ref (int Series, long TimeNs, long Version) last)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            var next = (rows.Series[row], rows.TimeNs[row], versions?.IsValid(row) == true ? versions.Bits[row] : 1);
            var ahead = last;
            last = next;
            if (next.CompareTo(ahead) < 0) return $"row {row} (series, time, version {next}) comes before the one ahead of it {ahead}";
        }

        return null;
    }

    private static string? WrongEntry(BlockEntry entry, RowColumns rows)
    {
        var found = BlockIndex.EntryOf(rows) with { Group = entry.Group };
        return found == entry ? null : $"the index says {entry}, and its rows are {found}";
    }

    private static T? Try<T>(List<string> faults, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (FaultException e) when (e.Fault == Fault.Corrupt)
        {
            // Statistics are those of several blocks.
            if (!faults.Contains(e.Message)) faults.Add(e.Message);
            return null;
        }
    }
}
