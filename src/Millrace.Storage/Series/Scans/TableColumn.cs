using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Scans;

/// <summary>A column that DuckDB wants of a table.</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Number">Of the dimension, or the slot.</param>
/// <param name="Type">Of its values.</param>
/// <param name="Values">Of a dimension or the measure name; else null.</param>
internal readonly record struct TableColumn(TableColumnKind Kind, int Number, MeasureType Type, ValueIndex? Values);
