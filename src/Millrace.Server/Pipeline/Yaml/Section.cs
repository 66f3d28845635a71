using System.Globalization;
using Millrace.Contracts;
using Millrace.Flows.Options;

namespace Millrace.Server.Pipeline.Yaml;

/// <summary>A map of known keys while it is read. Whoever has read all it knows calls <see cref="End"/>, and what is left is unknown.</summary>
/// <remarks>A value that cannot be read is reported and then counts as not given, so that reading goes on to the next mistake.</remarks>
internal sealed class Section(string where, MapNode map, ProblemList problems)
{
    private readonly HashSet<string> _known = [];

    public string Where => where;

    public ProblemList Problems => problems;

    public YamlNode Node => map;

    public bool Has(string key) => Find(key) is not null;

    public string? Text(string key) => Find(key) is { } node && Scalar(key, node, "a text") is { } scalar ? scalar.Text : null;

    /// <summary>Empty, and reported, where it is missing.</summary>
    public string Needed(string key, string example)
    {
        if (Find(key) is null) problems.Add(PathOf(key), $"is missing; for example {key}: {example}", map);
        return Text(key) ?? "";
    }

    /// <summary>True where the value is this very word.</summary>
    public bool IsWord(string key, string word) => Find(key) is ScalarNode scalar && scalar.Text == word;

    public bool IsList(string key) => Find(key) is ListNode;

    public int? Whole(string key) => Parsed(key, "must be a whole number",
        static (string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    public double? Share(string key) => Parsed(key, "must be a number from 0 to 1",
        static (string text, out double value) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value));

    public bool? Flag(string key) => Parsed(key, "must be true or false",
        static (string text, out bool value) => (value = text == "true") || text == "false");

    public TimeSpan? Duration(string key) => Parsed<TimeSpan>(key, Durations.Rule, Durations.TryParse);

    public ByteSize? Size(string key) => Parsed<ByteSize>(key, "must be a size such as 512, 64KiB or 5MB", ByteSize.TryParse);

    public T? Choice<T>(string key, IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        return Find(key) is { } node ? Chosen(key, node, choices) : null;
    }

    /// <summary>A list of choices, those that are known.</summary>
    public IReadOnlyList<T>? Choices<T>(string key, IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        if (Items(key) is not { } items) return null;
        var chosen = new List<T>();
        for (var i = 0; i < items.Count; i++)
            if (Chosen($"{key}[{i}]", items[i], choices) is { } value) chosen.Add(value);
        return chosen;
    }

    public ValueList<string>? Names(string key)
    {
        if (Items(key) is not { } items) return null;
        var names = new List<string>();
        for (var i = 0; i < items.Count; i++)
            if (Scalar($"{key}[{i}]", items[i], "a text") is { } scalar) names.Add(scalar.Text);
        return [.. names];
    }

    public IReadOnlyList<YamlNode>? Items(string key)
    {
        switch (Find(key))
        {
            case null: return null;
            case ListNode list: return list.Items;
            case var other:
                problems.Add(PathOf(key), "must be a list, as [a, b]", other);
                return null;
        }
    }

    /// <summary>A list of maps, those that are.</summary>
    public IEnumerable<Section> Sections(string key)
    {
        var items = Items(key) ?? [];
        for (var i = 0; i < items.Count; i++)
            if (Open($"{PathOf(key)}[{i}]", items[i], problems) is { } section) yield return section;
    }

    public Section? Map(string key) => Find(key) is { } node ? Open(PathOf(key), node, problems) : null;

    /// <summary>All entries of a map whose keys are names that the person gave.</summary>
    public IEnumerable<(string Name, ScalarNode Key, Section Section)> Named(string key)
    {
        if (Find(key) is not { } node || Open(PathOf(key), node, problems) is not { } names) yield break;
        foreach (var (name, value) in names.Entries())
            if (Open(names.PathOf(Quote.Name(name.Text)), value, problems) is { } section) yield return (name.Text, name, section);
    }

    /// <summary>A map of texts under names that the person gave.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Texts(string key)
    {
        if (Find(key) is not { } node || Open(PathOf(key), node, problems) is not { } texts) return [];
        var read = new List<KeyValuePair<string, string>>();
        foreach (var (name, _) in texts.Entries())
            if (texts.Text(name.Text) is { } text) read.Add(new(name.Text, text));
        return read;
    }

    /// <summary>The one entry of a map that names a choice: <c>to: { lake: … }</c>.</summary>
    public (ScalarNode Key, Section Section)? Only(IReadOnlyCollection<string> choices)
    {
        if (map.Entries.Count != 1)
        {
            problems.Add(where, $"must hold exactly one of {string.Join(", ", choices)}", map);
            return null;
        }

        var (key, value) = map.Entries[0];
        if (choices.Contains(key.Text)) return Open(PathOf(key.Text), value, problems) is { } section ? (key, section) : null;
        problems.Add(PathOf(Quote.Name(key.Text)), $"{Quote.Text(key.Text)} is unknown; {Quote.Meant(key.Text, choices)}", key);
        return null;
    }

    /// <summary>Reports every key that nobody asked for.</summary>
    public void End()
    {
        foreach (var (key, _) in map.Entries)
            if (!_known.Contains(key.Text)) problems.Add(PathOf(Quote.Name(key.Text)), $"is unknown; {Quote.Meant(key.Text, _known)}", key);
    }

    /// <summary>A value as a map; nothing at all is an empty one.</summary>
    public static Section? Open(string where, YamlNode node, ProblemList problems)
    {
        problems.Place(where, node);
        switch (node)
        {
            case MapNode map: return new Section(where, map, problems);
            case ScalarNode { IsNothing: true }: return new Section(where, new MapNode([], node.Line, node.Column, node.Index), problems);
            default:
                problems.Add(where, "must be a map, as { key: value }", node);
                return null;
        }
    }

    private IReadOnlyList<MapEntry> Entries() => map.Entries;

    private string PathOf(string key) => where.Length == 0 ? key : $"{where}.{key}";

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        var entry = map.Entries.FirstOrDefault(entry => entry.Key.Text == key);
        if (entry is null) return null;
        problems.Place(PathOf(key), entry.Value);
        return entry.Value;
    }

    private ScalarNode? Scalar(string key, YamlNode node, string what)
    {
        if (node is ScalarNode { IsNothing: false } scalar) return scalar;
        problems.Add(PathOf(key), node is ScalarNode ? $"has no value; it must be {what}" : $"must be {what}", node);
        return null;
    }

    private T? Chosen<T>(string key, YamlNode node, IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        if (Scalar(key, node, "a text") is not { } scalar) return null;
        if (choices.TryGetValue(scalar.Text, out var value)) return value;
        problems.Add(PathOf(key), $"{Quote.Text(scalar.Text)} is unknown; {Quote.Meant(scalar.Text, [.. choices.Keys])}", node);
        return null;
    }

    private delegate bool TryParse<T>(string text, out T value);

    private T? Parsed<T>(string key, string rule, TryParse<T> tryParse)
        where T : struct
    {
        if (Find(key) is not { } node || Scalar(key, node, "a value") is not { } scalar) return null;
        if (tryParse(scalar.Text, out var value)) return value;
        problems.Add(PathOf(key), $"{rule}, not {Quote.Text(scalar.Text)}", node);
        return null;
    }
}
