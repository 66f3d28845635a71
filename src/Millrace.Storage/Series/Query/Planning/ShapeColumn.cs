using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>A column that queries see.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">What it is.</param>
/// <param name="At">The dimension's number, or the measure's slot among the stored columns; else -1.</param>
/// <param name="Type">What it holds.</param>
internal sealed record ShapeColumn(string Name, ColumnRole Role, int At, MeasureType Type)
{
    /// <summary>The same in every row of a series.</summary>
    public bool IsOfSeries => Role is ColumnRole.Dimension or ColumnRole.MeasureName;
}
