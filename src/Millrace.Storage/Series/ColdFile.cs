namespace Millrace.Storage.Series;

/// <summary>A Parquet file of one table, sorted by series and time.</summary>
/// <param name="Path">Relative to the data directory.</param>
/// <param name="Rows">How many.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="FromNs">Time of its oldest row.</param>
/// <param name="ToNs">Time of its newest row.</param>
/// <param name="Columns">How many of the table's stored columns it has: the first ones.</param>
internal sealed record ColdFile(string Path, long Rows, long Bytes, long FromNs, long ToNs, int Columns);
