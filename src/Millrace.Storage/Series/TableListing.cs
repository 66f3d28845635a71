using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>One table, from memory.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dimensions">Names of the dimension columns, in the order a query shows them.</param>
/// <param name="MeasureNames">Measure names of records with one value, and their types.</param>
/// <param name="MultiMeasureNames">Measure names of multi-measure records.</param>
/// <param name="Columns">Measures of multi-measure records: a column each. The type is null before the first value.</param>
/// <param name="Series">How many series there are.</param>
/// <param name="Rows">Rows in memory and in files.</param>
/// <param name="Options">How it takes and keeps records.</param>
/// <param name="TimesCorrected">Records that were too far ahead and got the time of their arrival, since the store was opened.</param>
public sealed record TableListing(
    TableName Name,
    IReadOnlyList<string> Dimensions,
    IReadOnlyList<(string Name, MeasureType Type)> MeasureNames,
    IReadOnlyList<string> MultiMeasureNames,
    IReadOnlyList<(string Name, MeasureType? Type)> Columns,
    long Series,
    long Rows,
    TableOptions Options,
    long TimesCorrected);
