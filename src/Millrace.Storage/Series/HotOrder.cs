namespace Millrace.Storage.Series;

/// <summary>The rows of a sealed generation sorted by series, time and version.</summary>
internal static class HotOrder
{
    /// <summary>Numbers of the rows, sorted.</summary>
    /// <param name="rows">Sealed.</param>
    /// <param name="versionSlot">-1 where every row has version 1.</param>
    public static int[] Of(HotRows rows, int versionSlot)
    {
        var last = -1;
        for (var row = 0; row < rows.Rows; row++) last = Math.Max(last, rows.SeriesOf(row));

        // Counting keeps the order in which the rows of a series came: of those that came in order, that of their times.
        var ends = new int[last + 2];
        for (var row = 0; row < rows.Rows; row++) ends[rows.SeriesOf(row) + 1]++;
        for (var series = 0; series <= last; series++) ends[series + 1] += ends[series];
        var order = new int[rows.Rows];
        for (var row = 0; row < rows.Rows; row++) order[ends[rows.SeriesOf(row)]++] = row;
        for (var series = 0; series <= last; series++)
        {
            var first = series == 0 ? 0 : ends[series - 1];
            if (rows.LastLateOf(series) >= 0)
                order.AsSpan(first, ends[series] - first).Sort((a, b) => (rows.TimeOf(a), rows.VersionOf(a, versionSlot)).CompareTo((rows.TimeOf(b), rows.VersionOf(b, versionSlot))));
        }

        return order;
    }
}
