namespace Millrace.Server.Writes;

/// <summary>What a column of a CSV is.</summary>
internal enum CsvRole
{
    Skip,
    Time,
    Dimension,

    /// <summary>A measure of multi-measure records, with a column of its own.</summary>
    Measure,

    /// <summary>The value of a record with one value, as the columns <c>measure_value::double</c> that queries answer with.</summary>
    SingleValue,

    MeasureName,
    Version,
}
