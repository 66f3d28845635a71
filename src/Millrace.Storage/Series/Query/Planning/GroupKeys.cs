using System.Text.Json;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>What a SELECT groups by, where each group is all of one bucket: the rows of the same dimensions in the same step of time.</summary>
internal sealed class GroupKeys
{
    private readonly Mention _mention;
    private readonly Dictionary<string, JsonElement> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<JsonElement> _times = [];
    private readonly HashSet<int> _dimensions = [];

    private GroupKeys(Mention mention) => _mention = mention;

    /// <summary>The dimensions, by number.</summary>
    public IReadOnlyCollection<int> Dimensions => _dimensions;

    /// <summary>Dimensions that conditions on rows name, grouped by or not.</summary>
    public IReadOnlyCollection<int> Conditions { get; private set; } = [];

    /// <param name="mention">Where the table is read.</param>
    /// <param name="select">A SELECT over nothing else that <see cref="BucketPlanner"/> could plan.</param>
    /// <param name="widthNs">Of the buckets; 0 for one.</param>
    /// <param name="originNs">Where one of them begins.</param>
    /// <returns>Null where groups are anything else, or where it names what it does not group by.</returns>
    public static GroupKeys? Of(Mention mention, JsonElement select, long widthNs, long originNs)
    {
        var keys = new GroupKeys(mention);
        return keys.Take(select, widthNs, originNs) && keys.IsGrouped(select) ? keys : null;
    }

    private bool Take(JsonElement select, long widthNs, long originNs)
    {
        List<JsonElement> items = [.. SyntaxTree.Each(select, "select_list")], groups = [.. SyntaxTree.Each(select, "group_expressions")];
        foreach (var item in items)
            if (SyntaxTree.Text(item, "alias") is { Length: > 0 } alias && !_aliases.TryAdd(alias, item)) return false;
        List<JsonElement> sets = [.. SyntaxTree.Each(select, "group_sets")];
        if (groups.Count == 0 || sets.Count != 1 || sets[0].GetArrayLength() != groups.Count || SyntaxTree.Text(select, "aggregate_handling") == "FORCE_AGGREGATES") return false;
        var isWhole = widthNs == 0;
        foreach (var group in groups)
        {
            if (Resolve(group, items) is not { } key) return false;
            if (_mention.Column(key) is { IsOfSeries: true } column) _dimensions.Add(column.At);
            else if (StepOf(key) is { WidthNs: > 0 } step)
            {
                _times.Add(key);
                isWhole |= step.WidthNs == widthNs && (step.OriginNs - originNs) % widthNs == 0;
            }
            else return false;
        }

        Conditions = SyntaxTree.Has(select, "where_clause", out var where)
            ? [.. SyntaxTree.Expressions(where).Select(_mention.Column).Where(static column => column is { IsOfSeries: true }).Select(static column => column!.At).Distinct()] : [];
        return isWhole;
    }

    private JsonElement? Resolve(JsonElement group, List<JsonElement> items)
    {
        if (SyntaxTree.Class(group) == "CONSTANT")
            return SyntaxTree.IsConstant(group, out _, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1 && number <= items.Count ? items[number - 1] : null;
        return AliasedBy(group) ?? group;
    }

    private JsonElement? AliasedBy(JsonElement reference)
    {
        if (SyntaxTree.Class(reference) != "COLUMN_REF" || _mention.Column(reference) is not null) return null;
        var names = reference.GetProperty("column_names");
        return names.GetArrayLength() == 1 && _aliases.TryGetValue(names[0].GetString()!, out var item) ? item : null;
    }

    private BucketSteps? StepOf(JsonElement node)
    {
        var steps = new BucketSteps(_mention);
        return steps.Take(node) ? steps : null;
    }

    private bool IsGrouped(JsonElement select)
    {
        foreach (var part in (ReadOnlySpan<string>)["select_list", "modifiers"])
            if (select.TryGetProperty(part, out var node) && !IsGrouped(node, ofGroup: false)) return false;
        return !SyntaxTree.Has(select, "qualify") && (!SyntaxTree.Has(select, "having", out var having) || IsGrouped(having, ofGroup: true));
    }

    /// <param name="node">A part of the SELECT.</param>
    /// <param name="ofGroup">It decides which groups there are: as a condition on rows it could be asked of those that another condition leaves out, so that it must not fail for any.</param>
    private bool IsGrouped(JsonElement node, bool ofGroup)
    {
        if (node.ValueKind == JsonValueKind.Array) return node.EnumerateArray().All(element => IsGrouped(element, ofGroup));
        if (node.ValueKind != JsonValueKind.Object) return true;
        switch (SyntaxTree.Class(node))
        {
            case "COLUMN_REF" when AliasedBy(node) is { } item:
                return !ofGroup || (SyntaxTree.Class(item) == "FUNCTION" && BucketAggregates.IsAggregate(item));
            case "COLUMN_REF":
                return !ofGroup && _mention.Column(node) is { IsOfSeries: true } column && _dimensions.Contains(column.At);
            case "WINDOW":
                return false;
            case "FUNCTION" when BucketAggregates.IsAggregate(node):
                return true;
            case "CAST" when ofGroup:
                return false;
            case "FUNCTION" or "CAST" when StepOf(node) is not null:
                return _times.Exists(time => Same(time, node));
        }

        foreach (var property in node.EnumerateObject())
            if (property.Name is not ("value" or "cast_type") && !IsGrouped(property.Value, ofGroup)) return false;
        return true;
    }

    // But for where they stand, and what they are called.
    private static bool Same(JsonElement a, JsonElement b)
    {
        if (a.ValueKind != b.ValueKind) return false;
        if (a.ValueKind == JsonValueKind.Array) return a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray()).All(static pair => Same(pair.First, pair.Second));
        if (a.ValueKind != JsonValueKind.Object) return JsonElement.DeepEquals(a, b);
        return a.EnumerateObject().All(property => property.Name is "query_location" or "alias" || (b.TryGetProperty(property.Name, out var other) && Same(property.Value, other)));
    }
}
