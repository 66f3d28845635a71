namespace Millrace.Contracts.Tables;

/// <summary>A dimension or a measure of one point. Places are in the bytes of its <see cref="PointBatch"/>.</summary>
public struct PointField
{
    /// <summary>The table's number for the dimension or the measure; <see cref="PointBatch.SingleMeasure"/>.</summary>
    public int Column { get; internal set; }

    public MeasureType Type { get; internal set; }

    /// <summary>The value of every type but Varchar: the bits of a Double, 0 or 1 for a Boolean, nanoseconds for a Timestamp.</summary>
    public long Bits { get; internal set; }

    /// <summary>The value where <see cref="Type"/> is Varchar.</summary>
    public int TextAt { get; internal set; }

    public int TextLength { get; internal set; }
}
