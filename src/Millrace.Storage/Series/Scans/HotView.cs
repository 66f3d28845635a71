namespace Millrace.Storage.Series.Scans;

/// <summary>The rows of a generation at one moment: the first so many.</summary>
internal readonly record struct HotView(HotRows Rows, int Count)
{
    /// <summary>The newest row of a series among those that came in order; -1 where there is none. <see cref="HotRows.Before"/> leads on.</summary>
    public int LastOf(int series) => Seen(Rows.LastOf(series));

    /// <summary>The same for rows that came late.</summary>
    public int LastLateOf(int series) => Seen(Rows.LastLateOf(series));

    private int Seen(int row)
    {
        while (row >= Count) row = Rows.Before(row);
        return row;
    }
}
