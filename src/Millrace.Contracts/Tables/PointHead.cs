namespace Millrace.Contracts.Tables;

/// <summary>One point of a <see cref="PointBatch"/>, without its fields.</summary>
public struct PointHead
{
    public ISeriesTable Table { get; internal set; }
    public long TimeNs { get; internal set; }
    public long Version { get; internal set; }

    /// <summary>When the record came to the server, nanoseconds since 1970: what its time is measured against. Null: now.</summary>
    public long? ArrivalNs { get; internal set; }
    public int Index { get; internal set; }
    public int NameAt { get; internal set; }
    public int NameLength { get; internal set; }
    public int FirstField { get; internal set; }
    public int Dimensions { get; internal set; }
    public int Measures { get; internal set; }
    public bool MultiMeasure { get; internal set; }
    internal int BytesBefore { get; set; }
}
