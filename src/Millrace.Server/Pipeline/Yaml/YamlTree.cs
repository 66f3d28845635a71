using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Millrace.Server.Pipeline.Yaml;

/// <summary>Reads a YAML file into nodes with places. Bounded, and without the parts of YAML that configuration does not need.</summary>
internal static class YamlTree
{
    public const int MaxBytes = 1 << 20;

    private const int MaxDepth = 16;

    /// <returns>Null where the file cannot be read at all; what is wrong is in <paramref name="problems"/>.</returns>
    public static MapNode? Read(ReadOnlySpan<byte> utf8, ProblemList problems)
    {
        if (YamlText.Decode(utf8, problems) is not { } text) return null;
        problems.Text = text;
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return new MapNode([], 1, 1, 0);
            parser.Consume<DocumentStart>();
            var root = ReadNode(parser, problems, 0);
            if (root is null) return null;
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
                problems.Add("file", "a second document begins here; one file holds one", (int)second.Start.Line, (int)second.Start.Column);
            return AsRoot(root, problems);
        }
        catch (YamlException wrong)
        {
            AddSyntax(text, (int)wrong.Start.Line, (int)wrong.Start.Column, wrong.Message, problems);
            return null;
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException or EndOfStreamException)
        {
            // The parser itself ends like this on some broken flow maps and tags, without a place of its own.
            var (line, column) = parser.Current is { } last ? ((int)last.End.Line, (int)last.End.Column) : (1, 1);
            AddSyntax(text, line, column, "what follows cannot stand here", problems);
            return null;
        }
    }

    private static MapNode? AsRoot(YamlNode root, ProblemList problems)
    {
        if (root is MapNode map) return map;
        if (root is ScalarNode { IsNothing: true }) return new MapNode([], root.Line, root.Column, root.Index);
        problems.Add("file", "must be a map, as tables: … and flows: …", root);
        return null;
    }

    /// <summary>Null ends the reading: what follows cannot be understood.</summary>
    private static YamlNode? ReadNode(IParser parser, ProblemList problems, int depth)
    {
        var next = parser.Current ?? throw new YamlException("The file ends too early.");
        var (line, column, index) = ((int)next.Start.Line, (int)next.Start.Column, (int)next.Start.Index);
        if (depth > MaxDepth)
        {
            problems.Add("file", $"is nested deeper than {MaxDepth} levels", line, column);
            return null;
        }

        if (next is AnchorAlias || next is NodeEvent { Anchor.IsEmpty: false })
        {
            problems.Add("file", "anchors (&) and aliases (*) are not taken; write the value out", line, column);
            return null;
        }

        if (next is NodeEvent { Tag.IsEmpty: false })
        {
            problems.Add("file", "tags (!) are not taken; write the plain value", line, column);
            return null;
        }

        parser.MoveNext();
        return next switch
        {
            Scalar scalar => new ScalarNode(scalar.Value, FormOf(scalar.Style), line, column, index),
            SequenceStart => ReadList(parser, problems, depth, line, column, index),
            _ => ReadMap(parser, problems, depth, line, column, index),
        };
    }

    private static ListNode? ReadList(IParser parser, ProblemList problems, int depth, int line, int column, int index)
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(parser, problems, depth + 1) is not { } item) return null;
            items.Add(item);
        }

        return new ListNode(items, line, column, index);
    }

    private static MapNode? ReadMap(IParser parser, ProblemList problems, int depth, int line, int column, int index)
    {
        var entries = new List<MapEntry>();
        var seen = new Dictionary<string, ScalarNode>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(parser, problems, depth + 1) is not { } key || ReadNode(parser, problems, depth + 1) is not { } value) return null;
            if (key is not ScalarNode name) problems.Add("file", "a key must be a text", key);
            else if (seen.TryAdd(name.Text, name)) entries.Add(new MapEntry(name, value));
            else problems.Add(Quote.Name(name.Text), $"stands here a second time; the first is in line {seen[name.Text].Line}", name);
        }

        return new MapNode(entries, line, column, index);
    }

    private static ScalarForm FormOf(ScalarStyle style) => style switch
    {
        ScalarStyle.SingleQuoted => ScalarForm.SingleQuoted,
        ScalarStyle.DoubleQuoted => ScalarForm.DoubleQuoted,
        ScalarStyle.Literal => ScalarForm.Literal,
        ScalarStyle.Folded => ScalarForm.Folded,
        _ => ScalarForm.Plain,
    };

    private static void AddSyntax(string text, int line, int column, string message, ProblemList problems)
    {
        var tab = Array.FindIndex(text.Split('\n'), static content => content[..^content.AsSpan().TrimStart().Length].Contains('\t')) + 1;
        if (tab > 0) problems.Add("file", "is indented with a tab; YAML is indented with spaces only", tab, 1);
        else problems.Add("file", $"is not YAML here: {message}", Math.Max(1, line), Math.Max(1, column));
    }
}
