using System.Text.Json;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>A table of ours where a statement reads it, and what holds for every row of it that the statement wants.</summary>
internal sealed class Mention(JsonElement node, TableShape shape, bool latest)
{
    /// <summary>The BASE_TABLE.</summary>
    public JsonElement Node { get; } = node;

    public TableShape Shape { get; } = shape;

    /// <summary>Only the newest row of each series: <c>table$latest</c>.</summary>
    public bool Latest { get; } = latest;

    /// <summary>By which its columns are qualified.</summary>
    public string Alias { get; } = SyntaxTree.Text(node, "alias") is { Length: > 0 } alias ? alias : SyntaxTree.Text(node, "table_name")!;

    /// <summary>The SELECT that reads nothing but this table; else null.</summary>
    public JsonElement? Select { get; set; }

    /// <summary>Conditions that name this table's columns and no others; a row for which one is not true is not wanted.</summary>
    public List<JsonElement> Conditions { get; } = [];

    /// <summary>Something near it cannot be understood, such as columns that are given new names: it is read as it is.</summary>
    public bool Untouched { get; set; }

    /// <summary>The column that a COLUMN_REF names here; null where it is another table's, an alias, or not certain.</summary>
    public ShapeColumn? Column(JsonElement reference)
    {
        if (SyntaxTree.Class(reference) != "COLUMN_REF") return null;
        var names = reference.GetProperty("column_names");
        return names.GetArrayLength() switch
        {
            1 => Shape.Find(names[0].GetString()!),
            2 when names[0].GetString()!.Equals(Alias, StringComparison.OrdinalIgnoreCase) => Shape.Find(names[1].GetString()!),
            _ => null,
        };
    }
}
