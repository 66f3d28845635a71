using System.Text.Json;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Reads nodes of the tree that json_serialize_sql makes of a statement.</summary>
internal static class SyntaxTree
{
    /// <summary>COLUMN_REF, FUNCTION, CONSTANT, …; null where the node is no expression.</summary>
    public static string? Class(JsonElement node) => Text(node, "class");

    public static string? Kind(JsonElement node) => Text(node, "type");

    public static string? Text(JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool IsTrue(JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>The property where it is there, and neither null nor an empty array.</summary>
    public static bool Has(JsonElement node, string name, out JsonElement value) =>
        node.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null && !(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);

    public static bool Has(JsonElement node, string name) => Has(node, name, out _);

    /// <summary>Elements of an array; none where there is no such property.</summary>
    public static IEnumerable<JsonElement> Each(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>Where the node begins, in UTF-8 bytes; null where DuckDB does not say.</summary>
    public static int? Place(JsonElement node) =>
        node.TryGetProperty("query_location", out var at) && at.TryGetUInt64(out var position) && position < int.MaxValue ? (int)position : null;

    /// <summary>Adds what AND joins.</summary>
    public static void Conjuncts(JsonElement expression, List<JsonElement> into)
    {
        if (Kind(expression) != "CONJUNCTION_AND")
        {
            into.Add(expression);
            return;
        }

        foreach (var child in Each(expression, "children")) Conjuncts(child, into);
    }

    /// <summary>The name and the arguments of a plain call, or of an operator that is one: no FILTER, no DISTINCT, no ORDER BY, no schema.</summary>
    public static bool IsCall(JsonElement node, out string name, out JsonElement arguments)
    {
        (name, arguments) = ("", default);
        if (Class(node) != "FUNCTION" || Has(node, "filter") || IsTrue(node, "distinct") || IsTrue(node, "export_state")) return false;
        if (node.TryGetProperty("order_bys", out var ordered) && Has(ordered, "orders")) return false;
        if (Text(node, "schema") is { Length: > 0 } || Text(node, "catalog") is { Length: > 0 }) return false;
        name = Text(node, "function_name")!.ToLowerInvariant();
        return node.TryGetProperty("children", out arguments);
    }

    /// <summary>A constant as it is written: its type, and its value as JSON; not null.</summary>
    public static bool IsConstant(JsonElement node, out string type, out JsonElement value)
    {
        (type, value) = ("", default);
        if (Class(node) != "CONSTANT" || !node.TryGetProperty("value", out var constant) || IsTrue(constant, "is_null")) return false;
        type = Text(constant.GetProperty("type"), "id") ?? "";
        return constant.TryGetProperty("value", out value);
    }

    /// <summary>A cast that fails where it does not fit: the type's name and what is cast.</summary>
    public static bool IsCast(JsonElement node, out string type, out JsonElement child)
    {
        (type, child) = ("", default);
        if (Class(node) != "CAST" || IsTrue(node, "try_cast")) return false;
        type = Text(node.GetProperty("cast_type"), "id") ?? "";
        return node.TryGetProperty("child", out child);
    }

    /// <summary>Every object below a node, the node itself first; else in any order.</summary>
    public static IEnumerable<JsonElement> Everything(JsonElement node)
    {
        var open = new Stack<JsonElement>([node]);
        while (open.TryPop(out var next))
        {
            if (next.ValueKind == JsonValueKind.Array)
            {
                foreach (var element in next.EnumerateArray()) open.Push(element);
            }
            else if (next.ValueKind == JsonValueKind.Object)
            {
                yield return next;
                foreach (var property in next.EnumerateObject()) open.Push(property.Value);
            }
        }
    }

    /// <summary>Every expression below a node, the node itself first, without what is inside of subqueries.</summary>
    public static IEnumerable<JsonElement> Expressions(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in node.EnumerateArray())
                foreach (var inner in Expressions(element)) yield return inner;
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            if (node.TryGetProperty("class", out _)) yield return node;
            foreach (var property in node.EnumerateObject())
            {
                if (property.Name is "subquery" or "value") continue;
                foreach (var inner in Expressions(property.Value)) yield return inner;
            }
        }
    }
}
