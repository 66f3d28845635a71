using System.Globalization;
using System.Text;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>The statements by which the store speaks to DuckDB. Names of people's making are quoted here and nowhere else.</summary>
internal static class SeriesSql
{
    /// <summary>Holds our own tables. <c>~</c> cannot be in the name of a database of the user's.</summary>
    public const string Schema = "~store";

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Own(string table) => $"{Quote(Schema)}.{table}";

    public static string ViewName(TableName name) => $"{Quote(name.Database)}.{Quote(name.Table)}";

    public static string Time(long ns) => string.Create(CultureInfo.InvariantCulture, $"make_timestamp_ns({ns})");

    /// <summary>Makes a hot table, or gives it more columns.</summary>
    public static string MakeHot(string name, IReadOnlyList<StoredColumn> stored, int has, int wants)
    {
        var columns = stored.Take(wants).Skip(has).Select(static column => $"{column.Name} {column.SqlType}");
        return has == 0 ? $"CREATE TABLE {Own(name)} ({string.Join(", ", columns)})" : AddColumns(name, columns);
    }

    public static string MakeNames(string name, int hasDimensions, int wants, bool make)
    {
        var columns = Enumerable.Range(hasDimensions, wants - hasDimensions).Select(static dimension => $"d{dimension} VARCHAR");
        return make
            ? $"CREATE TABLE {Own(name)} ({string.Join(", ", ["series INTEGER", "measure_name VARCHAR", .. columns])})"
            : AddColumns(name, columns);
    }

    /// <summary>The view people query: dimensions, measure name, time, and a column for each kind of value.</summary>
    public static string MakeView(SeriesTable table, string root)
    {
        var text = new StringBuilder($"CREATE OR REPLACE VIEW {ViewName(table.Name)} AS SELECT ");
        for (var i = 0; i < table.Names.Dimensions; i++) text.Append(CultureInfo.InvariantCulture, $"s.d{i} AS {Quote(table.Dimensions[i])}, ");
        text.Append("s.measure_name AS measure_name, p.time AS time");
        foreach (var type in (ReadOnlySpan<MeasureType>)[MeasureType.Double, MeasureType.Bigint, MeasureType.Varchar, MeasureType.Boolean])
        {
            var name = SeriesLimits.NameOf(type);
            var slot = table.KnownSingleSlot(type);
            text.Append(", ").Append(slot >= 0 ? $"p.{table.Stored[slot].Name}" : $"NULL::{name}").Append(" AS ").Append(Quote($"measure_value::{name.ToLowerInvariant()}"));
        }

        foreach (var measure in table.Measures)
            if (measure.Slot >= 0) text.Append(", p.").Append(table.Stored[measure.Slot].Name).Append(" AS ").Append(Quote(measure.Name));
        text.Append(" FROM (").Append(Rows(table, root, table.Cold)).Append(") p JOIN ").Append(Own(table.Names.Name)).Append(" s ON p.series = s.series");
        if (table.Replaced.Any) text.Append(NotReplaced(table, "p"));
        return text.ToString();
    }

    /// <summary>All stored columns of all rows, those of replaced versions too; with the generation each row is from, 0 for files.</summary>
    public static string Rows(SeriesTable table, string root, IEnumerable<ColdFile> files)
    {
        var parts = files.GroupBy(static file => file.Columns)
            .Select(group => Part(table, group.Key, 0, ReadParquet(group.Select(file => Path.Combine(root, file.Path)))))
            .ToList();
        foreach (var hot in (ReadOnlySpan<HotRows?>)[table.Sealed, table.Hot])
            if (hot is { Columns: > 0 }) parts.Add(Part(table, hot.Columns, hot.Generation, Own(hot.Name)));
        if (parts.Count == 0) parts.Add($"{Part(table, 0, 0, null)} WHERE false");
        return string.Join(" UNION ALL ", parts);
    }

    /// <summary>Writes rows of a sealed generation into a Parquet file. Rows that the same generation replaced are left out.</summary>
    public static string CopyHot(SeriesTable table, HotRows hot, string path, string where)
    {
        var from = $"SELECT {Columns(table, hot.Columns, hot.Columns)} FROM {Own(hot.Name)} p";
        if (table.Replaced.Any) from += NotReplaced(table, "p", hasVersion: table.KnownVersionSlot is var slot && slot >= 0 && slot < hot.Columns, hot.Generation);
        if (where.Length > 0) from += $" WHERE {where}";
        return Copy($"{from} ORDER BY series, time", path);
    }

    /// <summary>Writes the rows of several files into one, those of replaced versions too.</summary>
    public static string CopyMerged(SeriesTable table, IReadOnlyList<ColdFile> files, string root, string path)
    {
        var columns = files.Max(static file => file.Columns);
        var parts = files.GroupBy(static file => file.Columns).Select(group =>
            $"SELECT {Columns(table, group.Key, columns)} FROM {ReadParquet(group.Select(file => Path.Combine(root, file.Path)))}");
        return Copy($"SELECT * FROM ({string.Join(" UNION ALL ", parts)}) ORDER BY series, time", path);
    }

    /// <summary>Zstandard at level 1: level 3 makes files 2% smaller and takes twice as long.</summary>
    public static string Copy(string select, string path) =>
        $"COPY ({select}) TO {Literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880, PARQUET_VERSION v2)";

    public static string ReadParquet(IEnumerable<string> paths) =>
        $"read_parquet([{string.Join(", ", paths.Select(Literal))}], hive_partitioning = false)";

    /// <summary>Leaves out the rows a higher version replaced.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The alias of the rows.</param>
    /// <param name="hasVersion">Whether the rows have a column of versions.</param>
    /// <param name="within">Only what this generation replaced of its own.</param>
    public static string NotReplaced(SeriesTable table, string rows, bool hasVersion = true, int? within = null)
    {
        var version = hasVersion ? $"coalesce({rows}.version, 1)" : "1";
        var only = within is { } generation ? string.Create(CultureInfo.InvariantCulture, $" AND r.generation = {generation} AND r.target = {generation}") : "";
        return $" ANTI JOIN {Own(table.Replaced.Name)} r ON {rows}.series = r.series AND {rows}.time = r.time AND {version} = r.version{only}";
    }

    private static string AddColumns(string name, IEnumerable<string> columns) =>
        string.Join("; ", columns.Select(column => $"ALTER TABLE {Own(name)} ADD COLUMN {column}"));

    private static string Part(SeriesTable table, int has, int generation, string? source) => string.Create(
        CultureInfo.InvariantCulture, $"SELECT {Columns(table, has, table.Stored.Count)}, {generation} AS generation{(source is null ? "" : $" FROM {source}")}");

    // Those that the rows have, and nulls for those that came later.
    private static string Columns(SeriesTable table, int has, int wants) =>
        string.Join(", ", table.Stored.Take(wants).Select((column, i) => i < has ? column.Name : $"NULL::{column.SqlType} AS {column.Name}"));
}
