using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>Finds the newest row of a series: through the chains of the rows in memory, else through the indexes of the files.</summary>
internal static class LatestRow
{
    /// <summary>Adds those of some series behind the rows that are there, in their order.</summary>
    /// <param name="snapshot">Of the table.</param>
    /// <param name="series">Their codes.</param>
    /// <param name="slots">Columns wanted.</param>
    /// <param name="scratch">For reading files.</param>
    /// <param name="into">Prepared for the columns, with room for a row of each.</param>
    public static void Add(TableSnapshot snapshot, ReadOnlySpan<int> series, int[] slots, RowColumns scratch, RowColumns into)
    {
        var files = snapshot.LatestOfFiles.Read(snapshot, slots);
        try
        {
            foreach (var one in series) Add(snapshot, one, slots, ref files, scratch, into);
        }
        finally
        {
            files.Dispose();
        }
    }

    /// <summary>Adds it behind the rows that are there.</summary>
    /// <param name="snapshot">Of the table.</param>
    /// <param name="series">Its code.</param>
    /// <param name="slots">Columns wanted.</param>
    /// <param name="scratch">For reading files.</param>
    /// <param name="into">Prepared for the columns, with room for a row.</param>
    /// <returns>False where the series has no row.</returns>
    public static bool TryAdd(TableSnapshot snapshot, int series, int[] slots, RowColumns scratch, RowColumns into)
    {
        var before = into.Count;
        Add(snapshot, [series], slots, scratch, into);
        return into.Count > before;
    }

    /// <summary>Looks for a row that is newer than another, from the newest file on.</summary>
    /// <param name="snapshot">Of the table.</param>
    /// <param name="series">Its code.</param>
    /// <param name="slots">Columns wanted.</param>
    /// <param name="than">Time and version.</param>
    /// <param name="into">Receives it as its only row.</param>
    /// <returns>Its time and version; null where there is none.</returns>
    public static (long TimeNs, long Version)? FindInFiles(TableSnapshot snapshot, int series, ReadOnlySpan<int> slots, (long TimeNs, long Version) than, RowColumns into)
    {
        ReadOnlySpan<int> versions = snapshot.VersionSlot >= 0 ? [snapshot.VersionSlot] : [];
        (ColdBlocks? File, int Block, int Row) found = (null, 0, 0);
        foreach (var file in snapshot.FilesByEnd)
        {
            if (file.File.ToNs < than.TimeNs) break;
            var blocks = file.Blocks;
            var (first, end) = blocks.BlocksOf(series);
            while (first < end--)
            {
                if (blocks.Blocks[end].ToNs < than.TimeNs) continue;
                blocks.Read(end, versions, into);
                var row = into.Series.AsSpan(0, into.Count).LastIndexOf(series);
                if (row < 0) continue;
                var version = versions.Length > 0 && into.Columns[versions[0]] is { } column && column.IsValid(row) ? column.Bits[row] : 1;
                if ((into.TimeNs[row], version).CompareTo(than) > 0)
                {
                    than = (into.TimeNs[row], version);
                    found = (file, end, row);
                }

                // Within a file the rows of a series are in the order of time.
                break;
            }
        }

        if (found.File is null) return null;
        found.File.Blocks.Read(found.Block, slots, into);
        RowCopy.Pick(into, slots, into, [found.Row]);
        return than;
    }

    private static void Add(TableSnapshot snapshot, int series, int[] slots, ref LatestCache.Reader files, RowColumns scratch, RowColumns into)
    {
        // What is older than the table keeps is not better than nothing.
        var best = new Place(Math.Max(snapshot.KeptFromNs, long.MinValue + 1) - 1, long.MaxValue, null, -1);
        var newest = snapshot.Hot is { } hot && Look(snapshot, hot, series, ref best);
        if (!newest && snapshot.Sealed is { } moving) newest = Look(snapshot, moving, series, ref best);
        if (!newest && AddFromFiles(snapshot, series, slots, (best.TimeNs, best.Version), ref files, scratch, into)) return;
        if (best.Hot is not null) RowCopy.Add(into, slots, best.Hot, best.Row);
    }

    /// <returns>Whether no other row can be newer: what came in order was newer than all that came before it, here and elsewhere.</returns>
    private static bool Look(TableSnapshot snapshot, HotView hot, int series, ref Place best)
    {
        for (var late = hot.LastLateOf(series); late >= 0; late = hot.Rows.Before(late)) best = Better(best, hot, late, snapshot.VersionSlot);
        if (hot.LastOf(series) is not (var row and >= 0)) return false;
        best = Better(best, hot, row, snapshot.VersionSlot);
        return true;
    }

    private static bool AddFromFiles(
        TableSnapshot snapshot, int series, int[] slots, (long TimeNs, long Version) than, ref LatestCache.Reader files, RowColumns scratch, RowColumns into)
    {
        if (snapshot.Files.Count == 0) return false;
        if (files.TryAdd(series, than, scratch, into, out var added)) return added;
        if (FindInFiles(snapshot, series, slots, than, scratch) is null) return false;
        RowCopy.Add(into, slots, scratch, 0);
        return true;
    }

    private static Place Better(Place best, HotView hot, int row, int versionSlot)
    {
        var (timeNs, version) = (hot.Rows.TimeOf(row), hot.Rows.VersionOf(row, versionSlot));
        return timeNs > best.TimeNs || (timeNs == best.TimeNs && version > best.Version) ? new Place(timeNs, version, hot.Rows, row) : best;
    }

    /// <summary>A row in memory, or none where there are no <see cref="HotRows"/>.</summary>
    private readonly record struct Place(long TimeNs, long Version, HotRows? Hot, int Row);
}
