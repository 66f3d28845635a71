namespace Millrace.Storage.Series;

/// <summary>Which files of a table are to become one: every file costs each query a fifth of a millisecond.</summary>
/// <remarks>
/// Files of one day and of about one size are merged eight at a time, so that a row is written again once for each eightfold growth, and not each time a
/// file comes. When a day is over, what is left of it is merged too, unless it is only a few stragglers. Files that span days stay as they are.
/// </remarks>
internal static class Compaction
{
    /// <summary>Sorting more than this would take more memory than is reasonable beside the work of the day.</summary>
    public const long MaxRows = 16_000_000;

    private const int MinFiles = 8;
    private const int MinFilesOfPastDay = 4;
    private const long DayNs = 86_400_000_000_000;

    /// <returns>The files to merge; empty where all is well.</returns>
    public static IReadOnlyList<ColdFile> Pick(IEnumerable<ColdFile> files, DateTimeOffset now)
    {
        var today = (now - DateTimeOffset.UnixEpoch).Ticks * 100 / DayNs;
        foreach (var day in files.Where(static file => file.FromNs / DayNs == file.ToNs / DayNs).GroupBy(static file => file.FromNs / DayNs))
        {
            foreach (var size in day.GroupBy(static file => (int)Math.Log(file.Rows, MinFiles)))
                if (Few(size, MinFiles) is { Count: > 0 } same) return same;
            if (day.Key < today - 1 && Few(day, MinFilesOfPastDay) is { Count: > 0 } rest) return rest;
        }

        return [];
    }

    private static List<ColdFile> Few(IEnumerable<ColdFile> files, int least)
    {
        var rows = 0L;
        var picked = files.OrderBy(static file => file.Rows).TakeWhile(file => (rows += file.Rows) <= MaxRows).ToList();
        return picked.Count >= least ? picked : [];
    }
}
