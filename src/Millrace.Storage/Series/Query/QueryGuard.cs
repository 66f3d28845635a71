using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Storage.Series.Query.Planning;

namespace Millrace.Storage.Series.Query;

/// <summary>Lets only a SELECT over the store's tables pass. Reads DuckDB's own syntax tree, so that it sees what DuckDB will run, and not what a text looks like.</summary>
/// <remarks>
/// What may be in FROM is listed here: tables of the store, names of WITH, and a few functions that make rows from their arguments. Everything else that
/// can stand there reads files, settings or the catalog, or runs text as SQL. Behind this stands DuckDB's own lock: no file outside the store's, no setting.
/// </remarks>
internal sealed partial class QueryGuard(IReadOnlySet<string> tables)
{
    private const int MaxDepth = 400;

    private static readonly HashSet<string> RowMakers = new(StringComparer.OrdinalIgnoreCase)
    {
        "range", "generate_series", "unnest", "json_each", "json_tree", "generate_subscripts", "regexp_split_to_table",
    };

    private static readonly HashSet<string> FromKinds =
        new(StringComparer.Ordinal) { "BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST", "PIVOT", "CTE", "COLUMN_DATA" };

    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "getenv", "current_setting", "getvariable", "write_log", "nextval", "currval", "setseed", "sleep_ms", "current_query", "stats", "create_sort_key",
        "json_serialize_sql", "json_deserialize_sql", "json_serialize_plan", "json_execute_serialized_sql", "query", "query_table",
        "parse_duckdb_log_message", "in_search_path", "current_schemas", "txid_current", "current_connection_id", "current_transaction_id",
        "current_query_id", "pg_get_viewdef", "pg_get_constraintdef", "combine", "finalize",
    };

    /// <summary>They make a value as long as an argument says. Inside a lambda it would be one for each element of a list.</summary>
    private static readonly HashSet<string> Makers = new(StringComparer.OrdinalIgnoreCase)
    {
        "repeat", "range", "generate_series", "lpad", "rpad", "list_resize", "array_resize", "bitstring", "format", "printf", "replace", "regexp_replace",
        "sequence", "regexp_replace_all",
    };

    private readonly List<string> _names = [];
    private readonly Dictionary<string, int?> _named = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The tables that the statement names, and where it does first.</summary>
    public IReadOnlyDictionary<string, int?> Named => _named;

    /// <param name="tree">What json_serialize_sql makes of the statement.</param>
    /// <exception cref="PlacedException">Refused, or not found, with the reason.</exception>
    public void Check(JsonElement tree)
    {
        var statements = tree.GetProperty("statements");
        if (statements.GetArrayLength() != 1) throw Refuse("one statement at a time", null);
        Walk(statements[0], 0, inLambda: false);
    }

    private void Walk(JsonElement node, int depth, bool inLambda)
    {
        if (depth > MaxDepth) throw Refuse("it is nested too deeply", null);
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in node.EnumerateArray()) Walk(element, depth + 1, inLambda);
            return;
        }

        if (node.ValueKind != JsonValueKind.Object) return;
        var kind = Text(node, "type");
        if (node.TryGetProperty("class", out var expression)) Expression(node, expression.GetString()!, ref inLambda);
        else if (kind is not null) From(node, kind);
        if (node.TryGetProperty("value", out _) && node.TryGetProperty("is_null", out _)) return;

        var known = _names.Count;
        if (node.TryGetProperty("cte_map", out var with))
            foreach (var entry in with.GetProperty("map").EnumerateArray()) With(entry, depth, inLambda);
        foreach (var property in node.EnumerateObject())
        {
            // Of a recursive query only the part behind UNION knows its own name.
            if (kind == "RECURSIVE_CTE_NODE" && property.Name == "right") _names.Add(Text(node, "cte_name")!);
            if (property.Name != "cte_map") Walk(property.Value, depth + 1, inLambda);
        }

        _names.RemoveRange(known, _names.Count - known);
    }

    // A name of WITH is known in the queries behind it, and not in its own, nor in those before: there DuckDB takes it for a file, or a table of the catalog.
    private void With(JsonElement entry, int depth, bool inLambda)
    {
        Walk(entry.GetProperty("value"), depth + 1, inLambda);
        _names.Add(entry.GetProperty("key").GetString()!);
    }

    private void From(JsonElement node, string kind)
    {
        if (!node.TryGetProperty("alias", out _) || !node.TryGetProperty("sample", out _)) return;
        if (!FromKinds.Contains(kind)) throw Refuse(kind == "SHOW_REF" ? "DESCRIBE, SHOW and SUMMARIZE cannot be used here; the list of tables has the columns" : $"{kind} in FROM is not allowed", node);
        if (kind == "TABLE_FUNCTION") RowMaker(node.GetProperty("function"));
        if (kind == "BASE_TABLE") Table(node);
    }

    private void Table(JsonElement node)
    {
        var (catalog, schema, table) = (Text(node, "catalog_name"), Text(node, "schema_name"), Text(node, "table_name")!);
        if (string.IsNullOrEmpty(schema) && string.IsNullOrEmpty(catalog))
        {
            if (_names.Contains(table, StringComparer.OrdinalIgnoreCase)) return;
            throw NotFound(table, node);
        }

        var name = $"{schema}.{table}";
        if (!string.IsNullOrEmpty(catalog)) throw NotFound($"{catalog}.{name}", node);
        if (!tables.Contains(QueryPlanner.WithoutSuffix(name))) throw NotFound(name, node);
        _named.TryAdd(name, Place(node));
    }

    private static void RowMaker(JsonElement function)
    {
        var name = Text(function, "function_name");
        if (function.TryGetProperty("class", out var kind) && kind.GetString() == "FUNCTION" && name is not null && RowMakers.Contains(name)) return;
        throw Refuse($"the table function {name} is not allowed; those are: {string.Join(", ", RowMakers.Order(StringComparer.Ordinal))}", function);
    }

    private static void Expression(JsonElement node, string kind, ref bool inLambda)
    {
        if (kind == "LAMBDA") inLambda = true;
        if (kind == "PARAMETER") throw Refuse("parameters ($1, ?) are not supported", node);
        if (kind != "FUNCTION") return;
        var name = Text(node, "function_name")!;
        if (Forbidden.Contains(name) || name.StartsWith("pg_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("__internal", StringComparison.OrdinalIgnoreCase))
            throw Refuse($"the function {name} is not allowed", node);

        // DuckDB's own functions under their full name would go around the limits of QueryMacros.
        var own = Text(node, "schema") is not ("" or "main" or null) || Text(node, "catalog") is not ("" or null);
        if (own && Makers.Contains(name)) throw Refuse($"the function {name} must be called by its plain name", node);
        if (!Makers.Contains(name)) return;
        if (Text(node, "schema") == "main") throw Refuse($"the function {name} must be called by its plain name", node);
        if (inLambda) throw Refuse($"the function {name} is not allowed within a lambda", node);
        if (name.Equals("format", StringComparison.OrdinalIgnoreCase) || name.Equals("printf", StringComparison.OrdinalIgnoreCase)) Format(node, name);
    }

    // A width in a format makes a text of that length, and comes from nowhere but the format.
    private static void Format(JsonElement node, string name)
    {
        var first = node.GetProperty("children").EnumerateArray().FirstOrDefault();
        var format = first.ValueKind == JsonValueKind.Object && first.TryGetProperty("value", out var constant) && constant.TryGetProperty("value", out var text)
            ? text.ToString()
            : throw Refuse($"the first argument of {name} must be a text that is written out", node);
        if (Wide().IsMatch(format)) throw Refuse($"{name}: a width has three digits at most, and is written out", node);
    }

    private static string? Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private PlacedException NotFound(string name, JsonElement node) => new(QueryError.NotFound, NearNames.Missing(name, tables), Place(node));

    private static PlacedException Refuse(string reason, JsonElement? node) => new(QueryError.Refused, $"Only a SELECT over tables can be run: {reason}.", node is { } at ? Place(at) : null);

    private static int? Place(JsonElement node) =>
        node.TryGetProperty("query_location", out var at) && at.TryGetUInt64(out var position) && position < int.MaxValue ? (int)position : null;

    [GeneratedRegex(@"\d{4,}|\*|\{[^}]*\{")]
    private static partial Regex Wide();
}
