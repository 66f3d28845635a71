namespace Millrace.Storage.Series;

/// <summary>How the rows of one move are divided among files by time, so that queries and retention can leave whole files alone.</summary>
/// <remarks>
/// An hour with a sixteenth of the rows or more has a file of its own: these are sixteen at most. The few rows of other hours share a file for each day; where
/// they are of more than sixteen days, for each thirty days, each year, or one for all. So a move never makes more than 32 files, however late its rows are.
/// </remarks>
internal static class MoveParts
{
    private const long HourNs = 3_600_000_000_000;

    private const int Max = 16;
    private static readonly long[] Widths = [24, 24 * 30, 24 * 365];

    public static long HourOf(long timeNs) => Floor(timeNs, HourNs);

    /// <summary>Rounds down, also before 1970.</summary>
    public static long Floor(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);

    /// <param name="rowsOfHours">Rows by <see cref="HourOf"/>.</param>
    /// <returns>Hours of each file.</returns>
    public static IReadOnlyList<IReadOnlySet<long>> Of(IReadOnlyDictionary<long, long> rowsOfHours)
    {
        var share = rowsOfHours.Values.Sum() / (double)Max;
        var parts = rowsOfHours.Where(hour => hour.Value >= share).Select(static hour => new HashSet<long> { hour.Key }).ToList();
        var rest = rowsOfHours.Where(hour => hour.Value < share).Select(static hour => hour.Key).ToList();
        foreach (var width in Widths)
        {
            var wide = rest.GroupBy(hour => Floor(hour, width)).Select(static part => part.ToHashSet()).ToList();
            if (wide.Count <= Max) return [.. parts, .. wide];
        }

        return [.. parts, rest.ToHashSet()];
    }
}
