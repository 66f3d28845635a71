namespace Millrace.Sql.Rules.Windows;

/// <summary>What decides which row is first and which is last: its event time; where that is equal, its arrival, and then its place.</summary>
public readonly record struct RowOrder(long TimeNs, long ArrivalNs, int Partition, long Offset) : IComparable<RowOrder>
{
    public int CompareTo(RowOrder other)
    {
        if (TimeNs != other.TimeNs) return TimeNs.CompareTo(other.TimeNs);
        if (ArrivalNs != other.ArrivalNs) return ArrivalNs.CompareTo(other.ArrivalNs);
        return Partition != other.Partition ? Partition.CompareTo(other.Partition) : Offset.CompareTo(other.Offset);
    }

    public static bool operator <(RowOrder a, RowOrder b) => a.CompareTo(b) < 0;

    public static bool operator >(RowOrder a, RowOrder b) => a.CompareTo(b) > 0;

    public static bool operator <=(RowOrder a, RowOrder b) => a.CompareTo(b) <= 0;

    public static bool operator >=(RowOrder a, RowOrder b) => a.CompareTo(b) >= 0;
}
