namespace Millrace.Storage.Series.Cold;

/// <summary>What tells a row of a table from all others, and the order of rows in files.</summary>
/// <param name="Series">Its series.</param>
/// <param name="TimeNs">Its time.</param>
/// <param name="Version">1 where no other was written.</param>
internal readonly record struct RowKey(int Series, long TimeNs, long Version) : IComparable<RowKey>
{
    public int CompareTo(RowKey other) =>
        Series != other.Series ? Series.CompareTo(other.Series)
        : TimeNs != other.TimeNs ? TimeNs.CompareTo(other.TimeNs)
        : Version.CompareTo(other.Version);
}
