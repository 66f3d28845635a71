namespace Millrace.Server.Cli.Transfer;

/// <summary>A stretch of time whose rows become one file.</summary>
/// <param name="From">Seconds since 1970.</param>
/// <param name="To">Seconds since 1970, not within.</param>
/// <param name="Rows">How many there were when they were counted.</param>
internal readonly record struct ExportSlice(long From, long To, long Rows)
{
    /// <summary>A file larger than this is slow to make and slow to read; a day with more rows is cut at its hours.</summary>
    private const long MostRows = 4_000_000;

    private const long Hour = 3600;
    private const long Day = 24 * Hour;

    public bool IsDay => To - From == Day && From % Day == 0;

    /// <summary>Days, and parts of days that have too many rows for one file.</summary>
    /// <param name="hours">Each with its first second and its rows, in order.</param>
    /// <param name="mostRows">Null: as above.</param>
    public static List<ExportSlice> Of(IEnumerable<(long Second, long Rows)> hours, long? mostRows = null)
    {
        var slices = new List<ExportSlice>();
        foreach (var day in hours.GroupBy(static hour => hour.Second - Modulo(hour.Second, Day)))
        {
            var rows = day.Sum(static hour => hour.Rows);
            if (rows <= (mostRows ?? MostRows))
            {
                slices.Add(new ExportSlice(day.Key, day.Key + Day, rows));
                continue;
            }

            foreach (var (second, count) in day)
            {
                if (slices.Count > 0 && slices[^1] is { IsDay: false } last && last.From >= day.Key && last.Rows + count <= (mostRows ?? MostRows)) slices[^1] = last with { To = second + Hour, Rows = last.Rows + count };
                else slices.Add(new ExportSlice(second, second + Hour, count));
            }
        }

        return slices;
    }

    // Also before 1970.
    private static long Modulo(long value, long by) => ((value % by) + by) % by;
}
