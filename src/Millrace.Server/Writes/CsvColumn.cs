using Millrace.Contracts.Tables;

namespace Millrace.Server.Writes;

/// <summary>A column of a CSV.</summary>
/// <param name="Name">Of the dimension or the measure.</param>
/// <param name="Role">What its fields are.</param>
/// <param name="Type">Of its values; null: as the table has it, or as the first value shows.</param>
internal sealed record CsvColumn(string Name, CsvRole Role, MeasureType? Type = null);
