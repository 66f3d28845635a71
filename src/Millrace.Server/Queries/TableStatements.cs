using System.Text;
using Millrace.Contracts.Tables;
using Millrace.Sql.History;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Queries;

/// <summary>Answers SHOW and DESCRIBE with Timestream's columns, as a SELECT over what is known in memory: so they come in every format.</summary>
internal sealed class TableStatements(SeriesStore store)
{
    /// <exception cref="HistoryException">There is no such database or table.</exception>
    /// <exception cref="QueryException">A table of files cannot be read.</exception>
    public async Task<string> SelectAsync(ShowStatement asked, CancellationToken stop) => asked.Kind switch
    {
        ShowKind.Databases => Select(["Database"], Names().Select(static name => name.Database).Distinct(StringComparer.Ordinal).Select(static name => (string[])[Text(name)]), asked.Pattern),
        ShowKind.Tables when asked.Database is { } database => Select(["Table"], TablesOf(database, asked.Position).Select(static name => (string[])[Text(name)]), asked.Pattern),
        ShowKind.Tables => Select(["Database", "Table"], Names().Select(static name => (string[])[Text(name.Database), Text(name.Table)]), asked.Pattern),
        ShowKind.Measures => Select(["measure_name", "data_type", "dimensions"], Measures(Find(asked)), asked.Pattern),
        _ => Select(["Column", "Type", "Timestream attribute type"], await ColumnsAsync(asked, stop), null),
    };

    private static IEnumerable<string[]> Measures(TableListing table)
    {
        var dimensions = $"[{string.Join(", ", table.Dimensions.Select(static name => $"{{'dimension_name': {Text(name)}, 'data_type': 'varchar'}}"))}]";
        return table.MeasureNames.Select(measure => (string[])[Text(measure.Name), Text(TypeName(measure.Type)), dimensions])
            .Concat(table.MultiMeasureNames.Select(name => (string[])[Text(name), "'multi'", dimensions]));
    }

    private async Task<IEnumerable<string[]>> ColumnsAsync(ShowStatement asked, CancellationToken stop)
    {
        if (IsOutside(asked))
        {
            using var rows = await store.QueryAsync($"SELECT * FROM {Quoted(asked.Database!)}.{Quoted(asked.Table!)} LIMIT 0", stop);
            return [.. rows.Columns.Select(static column => (string[])[Text(column.Name), Text(column.Type), "NULL::VARCHAR"])];
        }

        var table = Find(asked);
        return table.Dimensions.Select(static name => Column(name, "varchar", "DIMENSION"))
            .Append(Column("measure_name", "varchar", "MEASURE_NAME"))
            .Append(Column("time", "timestamp", "TIMESTAMP"))
            .Concat(table.MeasureNames.Select(static measure => TypeName(measure.Type)).Distinct().Order(StringComparer.Ordinal).Select(static type => Column($"measure_value::{type}", type, "MEASURE_VALUE")))
            .Concat(table.Columns.Where(static column => column.Type is not null).Select(static column => Column(column.Name, TypeName(column.Type!.Value), "MULTI")));
    }

    private static string[] Column(string name, string type, string kind) => [Text(name), Text(type), Text(kind)];

    private TableListing Find(ShowStatement asked)
    {
        var tables = store.Tables();
        return tables.FirstOrDefault(table => Is(table.Name.Database, asked.Database!) && Is(table.Name.Table, asked.Table!))
            ?? throw new HistoryException($"there is no table {asked.Database}.{asked.Table}; SHOW TABLES lists them", asked.Position);
    }

    // A table of the store comes before files of the same name.
    private bool IsOutside(ShowStatement asked) => store.OutsideTables().Any(table => Is(table.Database, asked.Database!) && Is(table.Table, asked.Table!))
        && !store.Tables().Any(table => Is(table.Name.Database, asked.Database!) && Is(table.Name.Table, asked.Table!));

    private List<string> TablesOf(string database, int position)
    {
        var tables = Names().Where(name => Is(name.Database, database)).Select(static name => name.Table).ToList();
        return tables.Count > 0 ? tables : throw new HistoryException($"there is no database {database}; SHOW DATABASES lists them", position);
    }

    private IEnumerable<TableName> Names() => store.Tables().Select(static table => table.Name)
        .Concat(store.OutsideTables().Select(static table => new TableName(table.Database, table.Table))).Distinct();

    /// <param name="columns">Their names; LIKE is of the last name, where there are two, and of the first else.</param>
    /// <param name="rows">Literals.</param>
    /// <param name="pattern">Of LIKE.</param>
    private static string Select(string[] columns, IEnumerable<string[]> rows, string? pattern)
    {
        var list = rows.ToList();
        var names = string.Join(", ", columns.Select(Quoted));
        var values = list.Count > 0 ? string.Join(", ", list.Select(static row => $"({string.Join(", ", row)})")) : $"({string.Join(", ", columns.Select(static _ => "NULL"))})";
        var sql = new StringBuilder($"SELECT * FROM (VALUES {values}) t({names})");
        if (list.Count == 0) sql.Append(" WHERE false");
        else if (pattern is not null) sql.Append(" WHERE ").Append(Quoted(columns[columns.Length == 2 ? 1 : 0])).Append(" LIKE ").Append(Text(pattern));
        return sql.ToString();
    }

    private static string TypeName(MeasureType type) => type.ToString().ToLowerInvariant();

    private static bool Is(string name, string asked) => name.Equals(asked, StringComparison.OrdinalIgnoreCase);

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
