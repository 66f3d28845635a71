using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>Finds the newest row of a series: through the chains of the rows in memory, else through the indexes of the files.</summary>
internal static class LatestRow
{
    public static bool TryFind(TableSnapshot snapshot, int series, ReadOnlySpan<int> slots, RowColumns into)
    {
        var best = new Place(long.MinValue, 0, null, -1);
        var newest = false;
        foreach (var view in (ReadOnlySpan<HotView?>)[snapshot.Hot, snapshot.Sealed])
        {
            // What came in order was newer than all that came before it, here and elsewhere.
            if (newest || view is not { } hot) continue;
            for (var late = hot.LastLateOf(series); late >= 0; late = hot.Rows.Before(late)) best = Better(best, hot, late, snapshot.VersionSlot);
            if (hot.LastOf(series) is var row and >= 0)
            {
                best = Better(best, hot, row, snapshot.VersionSlot);
                newest = true;
            }
        }

        if (!newest && InFiles(snapshot, series, slots, best, into)) return true;
        if (best.Hot is null) return false;
        RowCopy.Prepare(into, slots, snapshot.Stored);
        RowCopy.Add(into, slots, best.Hot, best.Row);
        return true;
    }

    private static Place Better(Place best, HotView hot, int row, int versionSlot)
    {
        var (timeNs, version) = (hot.Rows.TimeOf(row), hot.Rows.VersionOf(row, versionSlot));
        return timeNs > best.TimeNs || (timeNs == best.TimeNs && version > best.Version) ? new Place(timeNs, version, hot.Rows, row) : best;
    }

    /// <summary>Looks for a row that is better than the best one in memory, from the newest file on.</summary>
    private static bool InFiles(TableSnapshot snapshot, int series, ReadOnlySpan<int> slots, Place best, RowColumns into)
    {
        ReadOnlySpan<int> versions = snapshot.VersionSlot >= 0 ? [snapshot.VersionSlot] : [];
        (ColdBlocks? File, int Block, int Row) found = (null, 0, 0);
        foreach (var file in snapshot.Files.OrderByDescending(static file => file.File.ToNs))
        {
            if (file.File.ToNs < best.TimeNs) break;
            var blocks = file.Blocks;
            var (first, end) = blocks.BlocksOf(series);
            while (first < end--)
            {
                if (blocks.Blocks[end].ToNs < best.TimeNs) continue;
                blocks.Read(end, versions, into);
                var row = into.Series.AsSpan(0, into.Count).LastIndexOf(series);
                if (row < 0) continue;
                var version = versions.Length > 0 && into.Columns[versions[0]] is { } column && column.IsValid(row) ? column.Bits[row] : 1;
                if (into.TimeNs[row] > best.TimeNs || (into.TimeNs[row] == best.TimeNs && version > best.Version))
                {
                    best = new Place(into.TimeNs[row], version, null, -1);
                    found = (file, end, row);
                }

                // Within a file the rows of a series are in the order of time.
                break;
            }
        }

        if (found.File is null) return false;
        found.File.Blocks.Read(found.Block, slots, into);
        RowCopy.Pick(into, slots, into, [found.Row]);
        return true;
    }

    /// <summary>A row in memory, or in a file where there are no <see cref="HotRows"/>.</summary>
    private readonly record struct Place(long TimeNs, long Version, HotRows? Hot, int Row);
}
