namespace Millrace.Contracts.Tables;

/// <summary>Timestream's types of a measure value.</summary>
public enum MeasureType : byte
{
    Double,
    Bigint,
    Varchar,
    Boolean,

    /// <summary>Nanoseconds since 1970; in multi-measure records only.</summary>
    Timestamp,
}
