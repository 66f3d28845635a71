using System.Text.Json;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Finds where a statement reads tables of ours, and the conditions that hold there.</summary>
/// <remarks>
/// A condition of WHERE holds for every row that a SELECT wants of a table, unless the table is on the side of an outer join that may be filled with nulls; one of ON
/// holds on both sides of an inner join, and on that side of an outer one. What an outer query wants of a SELECT inside of it is not looked at: LIMIT,
/// windows and aggregates may stand between.
/// </remarks>
internal sealed class MentionFinder(Func<string, string, (TableShape Shape, bool Latest)?> find)
{
    private const int MaxDepth = 400;

    private readonly List<Mention> _found = [];

    /// <param name="tree">What json_serialize_sql made, and the guard let pass.</param>
    /// <param name="find">A table by database and name, as they are written.</param>
    public static IReadOnlyList<Mention> Find(JsonElement tree, Func<string, string, (TableShape Shape, bool Latest)?> find)
    {
        var finder = new MentionFinder(find);
        finder.Walk(tree.GetProperty("statements"), 0);
        return finder._found;
    }

    private void Walk(JsonElement node, int depth)
    {
        if (depth > MaxDepth) return;
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in node.EnumerateArray()) Walk(element, depth + 1);
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            if (SyntaxTree.Kind(node) == "SELECT_NODE") Select(node);
            foreach (var property in node.EnumerateObject()) Walk(property.Value, depth + 1);
        }
    }

    private void Select(JsonElement node)
    {
        if (!node.TryGetProperty("from_table", out var from)) return;
        var conditions = new List<JsonElement>();
        if (SyntaxTree.Has(node, "where_clause", out var where)) SyntaxTree.Conjuncts(where, conditions);
        var first = _found.Count;
        var merged = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        From(from, conditions, merged, 0);
        if (_found.Count == first + 1 && SyntaxTree.Kind(from) == "BASE_TABLE") _found[first].Select = node;
    }

    /// <param name="table">What stands in FROM.</param>
    /// <param name="conditions">Those that hold for its rows, whatever they name.</param>
    /// <param name="merged">Columns that an outer join's USING makes of two: without their table's name they are neither's.</param>
    /// <param name="depth">Of joins.</param>
    private void From(JsonElement table, List<JsonElement> conditions, HashSet<string> merged, int depth)
    {
        if (depth > MaxDepth) return;
        switch (SyntaxTree.Kind(table))
        {
            case "BASE_TABLE":
                Table(table, conditions, merged);
                break;
            case "JOIN":
                Join(table, conditions, merged, depth);
                break;
        }
    }

    private void Join(JsonElement join, List<JsonElement> conditions, HashSet<string> merged, int depth)
    {
        var (left, right) = (join.GetProperty("left"), join.GetProperty("right"));
        var on = new List<JsonElement>();
        if (SyntaxTree.Has(join, "condition", out var condition)) SyntaxTree.Conjuncts(condition, on);
        var plain = SyntaxTree.Text(join, "ref_type") is "REGULAR" or "CROSS" or "NATURAL";
        var kind = plain ? SyntaxTree.Text(join, "join_type") : "";
        var natural = SyntaxTree.Text(join, "ref_type") == "NATURAL";
        if (kind != "INNER")
        {
            // NATURAL joins merge columns that are not written here.
            if (natural) kind = "";
            foreach (var column in SyntaxTree.Each(join, "using_columns")) merged.Add(column.GetString()!);
        }

        List<JsonElement> both = [.. conditions, .. on];
        From(left, kind switch { "INNER" => both, "LEFT" or "SEMI" or "ANTI" => conditions, "RIGHT" => on, _ => [] }, merged, depth + 1);
        From(right, kind switch { "INNER" => both, "RIGHT" => conditions, "LEFT" => on, _ => [] }, merged, depth + 1);
    }

    private void Table(JsonElement node, List<JsonElement> conditions, HashSet<string> merged)
    {
        if (find(SyntaxTree.Text(node, "schema_name") ?? "", SyntaxTree.Text(node, "table_name") ?? "") is not { } table) return;
        var mention = new Mention(node, table.Shape, table.Latest)
        {
            Untouched = SyntaxTree.Has(node, "column_name_alias") || SyntaxTree.Has(node, "sample") || SyntaxTree.Has(node, "at_clause"),
        };
        if (!mention.Untouched) mention.Conditions.AddRange(conditions.Where(condition => Names(mention, condition, merged)));
        _found.Add(mention);
    }

    // Only this table's columns, at least one, and nothing that is more than a value of the row.
    private static bool Names(Mention mention, JsonElement condition, HashSet<string> merged)
    {
        var any = false;
        foreach (var part in SyntaxTree.Expressions(condition))
        {
            switch (SyntaxTree.Class(part))
            {
                case "COLUMN_REF":
                    var column = mention.Column(part);
                    if (column is null && IsPresent(part)) continue;
                    if (column is null || (part.GetProperty("column_names").GetArrayLength() == 1 && merged.Contains(column.Name))) return false;
                    any = true;
                    break;
                case "CONSTANT" or "COMPARISON" or "CONJUNCTION" or "OPERATOR" or "BETWEEN" or "CAST" or "CASE" or "FUNCTION":
                    break;
                default:
                    return false;
            }
        }

        return any;
    }

    private static bool IsPresent(JsonElement reference) =>
        reference.GetProperty("column_names") is var names && names.GetArrayLength() == 1
        && string.Equals(names[0].GetString(), "current_timestamp", StringComparison.OrdinalIgnoreCase);
}
