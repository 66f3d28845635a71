namespace Millrace.Storage.Series.Query.Planning;

/// <summary>What a column of a table's view is.</summary>
internal enum ColumnRole
{
    Dimension,
    MeasureName,
    Time,
    Measure,

    /// <summary>A kind of value that no row of the table has yet: always null.</summary>
    Nothing,
}
