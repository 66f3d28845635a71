using System.Globalization;
using System.Text;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series;

/// <summary>The statements by which the store speaks to DuckDB. Names of people's making are quoted here and nowhere else.</summary>
internal static class SeriesSql
{
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string ViewName(TableName name) => $"{Quote(name.Database)}.{Quote(name.Table)}";

    /// <summary>Writes rows into a Parquet file. Zstandard at level 1: level 3 makes files 2% smaller and takes twice as long.</summary>
    public static string Copy(string select, string path) =>
        $"COPY ({select}) TO {Literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880, PARQUET_VERSION v2)";

    /// <summary>The view people query: dimensions, measure name, time, and a column for each kind of value.</summary>
    public static string MakeView(SeriesTable table)
    {
        var text = new StringBuilder($"CREATE OR REPLACE VIEW {ViewName(table.Name)} AS SELECT ");
        var dimensions = table.Dimensions;
        for (var i = 0; i < dimensions.Length; i++) text.Append(TableRows.DimensionName(i)).Append(" AS ").Append(Quote(dimensions[i])).Append(", ");
        text.Append(TableRows.MeasureName).Append(", time");
        foreach (var type in (ReadOnlySpan<MeasureType>)[MeasureType.Double, MeasureType.Bigint, MeasureType.Varchar, MeasureType.Boolean])
        {
            var name = SeriesLimits.NameOf(type);
            var slot = table.KnownSingleSlot(type);
            text.Append(", ").Append(slot >= 0 ? Quote(table.Stored[slot].Name) : $"NULL::{name}").Append(" AS ").Append(Quote($"measure_value::{name.ToLowerInvariant()}"));
        }

        foreach (var measure in table.Measures)
            if (measure.Slot >= 0) text.Append(", ").Append(table.Stored[measure.Slot].Name).Append(" AS ").Append(Quote(measure.Name));
        return text.Append(CultureInfo.InvariantCulture, $" FROM {RowFunction.Name}({table.Id})").ToString();
    }
}
