using System.Text.Json;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Lets SELECTs over the groups of another one group and order these by one number, where they are written to do so by all of its dimensions.</summary>
/// <remarks>
/// Groups with the same dimensions have the same number, so that PARTITION BY and GROUP BY mean the same by either; and a dimension is any of the group's then. The
/// SELECT inside shows the number as one more column. Whoever reads that SELECT with an asterisk shows it too: so all readers must be known, and none
/// of them may be the statement itself.
/// </remarks>
/// <param name="tree">The statement.</param>
/// <param name="text">The same.</param>
/// <param name="functions">DuckDB's.</param>
/// <param name="outermost">The SELECT whose columns are the answer's: how these are called can be seen to elsewhere.</param>
internal sealed class TupleKeys(JsonElement tree, SourceText text, SqlFunctions functions, JsonElement outermost)
{
    private const int MaxDepth = 32;
    private const string Number = $"\"{BucketColumns.Tuple}\"";

    private static readonly string[] WithWindows = ["select_list", "qualify"];
    private static readonly string[] OfAsterisk = ["exclude_list", "replace_list", "qualified_exclude_list", "rename_list"];

    private readonly List<JsonElement> _nodes = [.. SyntaxTree.Everything(tree)];

    /// <summary>A column of the answer would be called by what replaces a part of it.</summary>
    public bool Renames { get; private set; }

    /// <param name="mention">The table that is read where the dimensions are.</param>
    /// <param name="dimensions">Each group has its own of these.</param>
    /// <returns>What is to be replaced; null where nothing would be gained, or where it is not certain.</returns>
    public Splices? Of(Mention mention, IReadOnlyCollection<int> dimensions)
    {
        if (mention.Select is not { } select) return null;
        var shown = new Dictionary<string, int?>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in SyntaxTree.Each(select, "select_list"))
        {
            var column = mention.Column(item);
            if ((SyntaxTree.Text(item, "alias") is { Length: > 0 } alias ? alias : column?.Name) is not { } name) continue;
            if (!shown.TryAdd(name, column is { IsOfSeries: true } ? column.At : null)) return null;
        }

        var keys = new Dictionary<int, string>();
        foreach (var (name, at) in shown)
            if (at is { } dimension && dimensions.Contains(dimension)) keys.TryAdd(dimension, name);
        return keys.Count == dimensions.Count && keys.Count > 0 && Shown(select, [.. keys.Values], 0) is { Any: true } found ? found : null;
    }

    /// <summary>What its readers become once a SELECT shows the number.</summary>
    /// <returns>Null where it must not.</returns>
    private Splices? Shown(JsonElement select, List<string> keys, int depth)
    {
        var asterisk = HasAsterisk(select);
        if (depth > MaxDepth || ReadersOf(select) is not { } readers || (!asterisk && BeforeFrom(select) is null)) return null;
        var splices = new Splices();
        foreach (var reader in readers)
        {
            if (Reader(reader, keys, depth) is not { } more) return null;
            splices.Add(more);
        }

        if (splices.Any && !asterisk && BeforeFrom(select) is { } end) splices.Replace(end, end, $", {Number} ");
        return splices;
    }

    /// <returns>Null where it must not see the number.</returns>
    private Splices? Reader(JsonElement select, List<string> keys, int depth)
    {
        var alias = AliasOf(select.GetProperty("from_table"));
        List<JsonElement> items = [.. SyntaxTree.Each(select, "select_list")];
        if (items.Exists(item => SyntaxTree.Text(item, "alias") is { Length: > 0 } name && Has(keys, name) && !IsKey(item, name, alias))) return null;
        var grouped = SyntaxTree.Has(select, "group_expressions") || SyntaxTree.Text(select, "aggregate_handling") == "FORCE_AGGREGATES";
        var asterisk = HasAsterisk(select);
        if (asterisk && (grouped || !items.TrueForAll(static item => SyntaxTree.Class(item) != "STAR" || IsPlain(item)))) return null;
        var asterisks = SyntaxTree.Expressions(select.GetProperty("select_list")).Count(static part => SyntaxTree.Class(part) == "STAR");
        if (asterisks != items.Count(static item => SyntaxTree.Class(item) == "STAR")) return null;

        // A column without a name of its own is called by its text.
        var isNamed = !items.Exists(item => SyntaxTree.Text(item, "alias") is null or "" && SyntaxTree.Class(item) is not ("COLUMN_REF" or "STAR") && IsTouched(item, keys, alias));
        var splices = new Splices();
        if (!isNamed && !select.Equals(outermost)) return asterisk ? ByPlace(select) ? null : Shown(select, keys, depth + 1) : splices;
        foreach (var window in WithWindows.SelectMany(part => select.TryGetProperty(part, out var node) ? SyntaxTree.Expressions(node) : []))
            if (SyntaxTree.Class(window) == "WINDOW") ByNumber([.. SyntaxTree.Each(window, "partitions")], keys, alias, splices);
        if (asterisk)
        {
            // Numbers of columns would count one more.
            if (ByPlace(select) || Shown(select, keys, depth + 1) is not { } behind) return null;
            splices.Add(behind);
            return splices;
        }

        if (grouped && !Grouped(select, items, keys, alias, splices)) return new Splices();
        Renames |= !isNamed && splices.Any;
        if (grouped) return splices;
        var names = keys.ConvertAll(key => items.Find(item => IsKey(item, key, alias)) is { ValueKind: JsonValueKind.Object } item ? NameOf(item) : null);
        if (names.TrueForAll(name => name is not null && items.Count(item => name.Equals(NameOf(item), StringComparison.OrdinalIgnoreCase)) == 1)
            && Shown(select, names!, depth + 1) is { Any: true } further) splices.Add(further);
        return splices;
    }

    private static bool IsTouched(JsonElement item, List<string> keys, string alias) =>
        SyntaxTree.Expressions(item).Any(part => SyntaxTree.Class(part) == "WINDOW" || keys.Exists(key => IsKey(part, key, alias)));

    // Where it groups by all the keys, and by others perhaps.
    private bool Grouped(JsonElement select, List<JsonElement> items, List<string> keys, string alias, Splices splices)
    {
        List<JsonElement> groups = [.. SyntaxTree.Each(select, "group_expressions")], sets = [.. SyntaxTree.Each(select, "group_sets")];
        if (sets.Count != 1 || sets[0].GetArrayLength() != groups.Count || !ByNumber(groups, keys, alias, splices)) return false;
        foreach (var item in items)
            if (!AnyOf(item, item, keys, alias, splices)) return false;
        foreach (var part in (ReadOnlySpan<string>)["having", "qualify"])
            if (select.TryGetProperty(part, out var node) && !AnyOf(node, default, keys, alias, splices)) return false;
        return SyntaxTree.Each(select, "modifiers").SelectMany(SyntaxTree.Expressions).All(part =>
            !keys.Exists(key => IsKey(part, key, alias)) || items.Exists(item => NameOf(part)!.Equals(NameOf(item), StringComparison.OrdinalIgnoreCase)));
    }

    // What is not in an aggregate would have to be grouped by.
    private bool AnyOf(JsonElement node, JsonElement item, List<string> keys, string alias, Splices splices)
    {
        if (node.ValueKind == JsonValueKind.Array) return node.EnumerateArray().All(element => AnyOf(element, item, keys, alias, splices));
        if (node.ValueKind != JsonValueKind.Object) return true;
        switch (SyntaxTree.Class(node))
        {
            case "COLUMN_REF" when keys.Find(key => IsKey(node, key, alias)) is { } key:
                if (Place(node) is not { } place) return false;
                var name = node.Equals(item) && SyntaxTree.Text(item, "alias") is null or "" ? $" AS {SeriesSql.Quote(key)}" : "";
                splices.Replace(place.At, place.End, $"any_value({text.Text(place.At, place.End)}){name}");
                return true;
            case "FUNCTION" when !(SyntaxTree.IsCall(node, out var called, out _) && functions.IsScalar(called)):
            case "SUBQUERY":
                return true;
            case "WINDOW":
                var byNumber = ByNumber([.. SyntaxTree.Each(node, "partitions")], keys, alias, splices);
                return node.EnumerateObject().All(property => (byNumber && property.Name == "partitions") || AnyOf(property.Value, item, keys, alias, splices));
        }

        foreach (var property in node.EnumerateObject())
            if (property.Name is not ("value" or "cast_type") && !AnyOf(property.Value, item, keys, alias, splices)) return false;
        return true;
    }

    /// <summary>Puts the number in the place of the keys, where all are in a list, one behind the other.</summary>
    private bool ByNumber(List<JsonElement> list, List<string> keys, string alias, Splices splices)
    {
        var first = list.FindIndex(part => keys.Exists(key => IsKey(part, key, alias)));
        if (first < 0 || first + keys.Count > list.Count) return false;
        var part = list.GetRange(first, keys.Count);
        if (!keys.TrueForAll(key => part.Exists(one => IsKey(one, key, alias))) || Place(part[0]) is not { } begin || Place(part[^1]) is not { } end) return false;
        splices.Replace(begin.At, end.End, Number);
        return true;
    }

    /// <returns>The SELECTs that read nothing else than this one; null where others read it, or it is not known who does.</returns>
    private List<JsonElement>? ReadersOf(JsonElement select)
    {
        var readers = _nodes.FindAll(node => SyntaxTree.Kind(node) == "SELECT_NODE" && node.TryGetProperty("from_table", out var from) && SyntaxTree.Kind(from) == "SUBQUERY"
            && IsRead(from) && from.GetProperty("subquery").TryGetProperty("node", out var inner) && inner.Equals(select));
        if (readers.Count > 0) return readers;

        var shared = _nodes.FindAll(static node => node.TryGetProperty("key", out _) && node.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Object && value.TryGetProperty("query", out _));
        var own = shared.Find(entry => entry.GetProperty("value").GetProperty("query").TryGetProperty("node", out var inner) && inner.Equals(select));
        if (own.ValueKind != JsonValueKind.Object || SyntaxTree.Has(own.GetProperty("value"), "aliases")) return null;
        var name = own.GetProperty("key").GetString()!;
        if (shared.Count(entry => name.Equals(entry.GetProperty("key").GetString(), StringComparison.OrdinalIgnoreCase)) > 1) return null;
        var tables = _nodes.FindAll(node => SyntaxTree.Kind(node) == "BASE_TABLE" && SyntaxTree.Text(node, "schema_name") is null or "" && name.Equals(SyntaxTree.Text(node, "table_name"), StringComparison.OrdinalIgnoreCase));
        readers = _nodes.FindAll(node => SyntaxTree.Kind(node) == "SELECT_NODE" && node.TryGetProperty("from_table", out var from) && tables.Contains(from));
        return readers.Count == tables.Count && tables.TrueForAll(IsRead) ? readers : null;
    }

    private static bool IsRead(JsonElement from) => !SyntaxTree.Has(from, "column_name_alias") && !SyntaxTree.Has(from, "sample") && !SyntaxTree.Has(from, "at_clause");

    /// <summary>The place of FROM, behind all that is selected.</summary>
    private int? BeforeFrom(JsonElement select) =>
        select.GetProperty("from_table") is var from && SyntaxTree.Kind(from) is "BASE_TABLE" && SyntaxTree.Place(from) is { } at && text.BeginOfWordBefore(at, "FROM") is >= 0 and var place ? place : null;

    private (int At, int End)? Place(JsonElement reference)
    {
        if (SyntaxTree.Place(reference) is not { } at) return null;
        var end = at;
        foreach (var name in reference.GetProperty("column_names").EnumerateArray())
        {
            if (end > at && !text.IsAt(end++, '.')) return null;
            end = text.EndOfName(end, name.GetString()!);
            if (end < 0) return null;
        }

        return (at, end);
    }

    private static bool ByPlace(JsonElement select) => SyntaxTree.Each(select, "modifiers").SelectMany(static modifier => SyntaxTree.Each(modifier, "orders"))
        .Any(static order => SyntaxTree.Class(order.GetProperty("expression")) is "CONSTANT" or "STAR");

    private static bool HasAsterisk(JsonElement select) => SyntaxTree.Each(select, "select_list").Any(static item => SyntaxTree.Class(item) == "STAR");

    private static bool IsPlain(JsonElement star) => !SyntaxTree.IsTrue(star, "columns") && !SyntaxTree.Has(star, "expr")
        && !OfAsterisk.Any(list => SyntaxTree.Has(star, list));

    private static bool Has(List<string> keys, string name) => keys.Exists(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsKey(JsonElement reference, string key, string alias) => SyntaxTree.Class(reference) == "COLUMN_REF" && NameOfColumn(reference).Equals(key, StringComparison.OrdinalIgnoreCase)
        && reference.GetProperty("column_names") is var names && (names.GetArrayLength() == 1 || (names.GetArrayLength() == 2 && alias.Equals(names[0].GetString(), StringComparison.OrdinalIgnoreCase)));

    private static string AliasOf(JsonElement from) => SyntaxTree.Text(from, "alias") is { Length: > 0 } alias ? alias : SyntaxTree.Text(from, "table_name") ?? "";

    private static string? NameOf(JsonElement item) =>
        SyntaxTree.Text(item, "alias") is { Length: > 0 } alias ? alias : SyntaxTree.Class(item) == "COLUMN_REF" ? NameOfColumn(item) : null;

    private static string NameOfColumn(JsonElement reference) => reference.GetProperty("column_names") is var names ? names[names.GetArrayLength() - 1].GetString()! : "";
}
