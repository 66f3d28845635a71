namespace Millrace.Storage.Series;

/// <summary>Which files of a table are to become one: each file costs a query of one series about as much as the rows it wants.</summary>
/// <remarks>
/// Rows arrive in files of minutes; eight of about one size become one. When an hour, four hours, and at last the day is over, its files become one that is
/// sorted by series from end to end (or a few, cut between series). So a row is written about five times, recent files are short in time, and old ones long
/// by series. Stragglers are gathered by themselves until they are worth it. Files that span days are only ever merged with their like.
/// </remarks>
internal static class Compaction
{
    /// <summary>Rows of a file before the next one begins with the next series.</summary>
    public const long FileRows = 16_000_000;

    /// <summary>One merge writes so much at most: a merge that is interrupted begins anew. Days that have more stay in four hours, or in hours.</summary>
    public const long MaxRows = 256_000_000;

    private const int MinFiles = 8;
    private const long HourNs = 3_600_000_000_000;

    /// <summary>Rows of the last minutes of a span are still in memory when it ends.</summary>
    private const long GraceNs = HourNs / 4;

    /// <summary>Hour, four hours, day, thirty days. A file belongs to the shortest that it fits into.</summary>
    private static readonly long[] Spans = [HourNs, 4 * HourNs, 24 * HourNs, 720 * HourNs];

    private static ReadOnlySpan<int> Ending => [2, 1, 0];

    /// <returns>The files to merge; empty where all is well.</returns>
    public static IReadOnlyList<ColdFile> Pick(IReadOnlyCollection<ColdFile> files, DateTimeOffset now)
    {
        var nowNs = (now - DateTimeOffset.UnixEpoch).Ticks * 100;
        foreach (var span in Ending)
        {
            var over = files.Where(file => Level(file) <= span).GroupBy(file => Place(file.FromNs, span)).Where(place => ((place.Key + 1) * Spans[span]) + GraceNs <= nowNs);
            foreach (var place in over)
                if (OfEnded([.. place]) is { Count: > 0 } whole) return whole;
        }

        foreach (var place in files.GroupBy(static file => (Level(file), Place(file.FromNs, Level(file)))))
            if (OfOneSize(place) is { Count: > 0 } same) return same;
        return [];
    }

    /// <summary>The shortest span that a file fits into; the number of spans where it fits into none.</summary>
    private static int Level(ColdFile file)
    {
        var level = 0;
        while (level < Spans.Length && Place(file.FromNs, level) != Place(file.ToNs, level)) level++;
        return level;
    }

    private static long Place(long timeNs, int span) => span == Spans.Length ? 0 : MoveParts.Floor(timeNs, Spans[span]);

    private static List<ColdFile> OfEnded(List<ColdFile> files)
    {
        var rows = files.Sum(static file => file.Rows);
        if (files.Count < 2 || rows > MaxRows) return [];

        // Files that share no series are what a merge has left; what came after it is worth another one once it is a quarter of all.
        var left = new List<ColdFile>();
        var since = new List<ColdFile>();
        foreach (var file in files.OrderByDescending(static file => file.Rows))
            (left.Exists(other => other.FirstSeries <= file.LastSeries && file.FirstSeries <= other.LastSeries) ? since : left).Add(file);
        return since.Sum(static file => file.Rows) * 4 >= rows ? files : OfOneSize(since);
    }

    private static List<ColdFile> OfOneSize(IEnumerable<ColdFile> files)
    {
        foreach (var size in files.GroupBy(static file => (int)Math.Log(file.Rows, MinFiles)))
        {
            var rows = 0L;
            var picked = size.OrderBy(static file => file.Rows).TakeWhile(file => (rows += file.Rows) <= MaxRows).ToList();
            if (picked.Count >= MinFiles) return picked;
        }

        return [];
    }
}
