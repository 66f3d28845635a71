using System.Globalization;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Query;

/// <summary>Makes a checked SELECT into the statement that writes its rows into a file.</summary>
internal static class ParquetCopy
{
    public static string Statement(string sql, Statement asked, IReadOnlyList<string> called, long rows, string path)
    {
        var columns = Enumerable.Range(0, asked.Columns).Select(i => $"{Column(i, asked.ColumnType(i))} AS {SeriesSql.Quote(NameOf(called, i))}");
        var names = Enumerable.Range(0, asked.Columns).Select(static i => $"c{i}");
        var limit = rows == long.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $" LIMIT {rows}");
        return SeriesSql.Copy($"SELECT {string.Join(", ", columns)} FROM (\n{sql}\n) q({string.Join(", ", names)}){limit}", path);
    }

    // Parquet has no integers of 128 bits, and would get doubles for them; what it has not at all is text.
    private static string Column(int i, ColumnType type) => type switch
    {
        ColumnType.HugeInt or ColumnType.UHugeInt => $"c{i}::DECIMAL(38, 0)",
        ColumnType.BigNum or ColumnType.Union => $"c{i}::VARCHAR",
        _ => $"c{i}",
    };

    // A column's name that comes again gets a number.
    private static string NameOf(IReadOnlyList<string> called, int column)
    {
        var name = called[column];
        var before = Enumerable.Range(0, column).Count(i => called[i].Equals(name, StringComparison.OrdinalIgnoreCase));
        return before == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{before + 1}");
    }
}
