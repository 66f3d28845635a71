using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Rules;

/// <summary>A rule of AWS IoT as a file of its own: what its API takes, or what it answers with. JSON, or the same as YAML.</summary>
internal static class RuleDocument
{
    /// <summary>Bytes.</summary>
    public const int MaxSize = 512 * 1024;

    /// <summary>Under these AWS's calls and answers have the document.</summary>
    private static readonly string[] Wrappers = ["topicRulePayload", "rule"];

    private static readonly string[] BesideWrapped = ["ruleName", "ruleArn", "tags"];

    /// <param name="name">The rule's.</param>
    /// <param name="utf8">The file.</param>
    /// <param name="others">What runs beside it: its streams, collections and flows.</param>
    /// <param name="flow">Null where there are problems.</param>
    /// <param name="json">The document as it is kept.</param>
    /// <param name="problems">Every mistake, in the order of the file, each with line and column.</param>
    public static bool TryRead(string name, ReadOnlySpan<byte> utf8, PipelineFile others, out FlowOptions? flow, out byte[] json, out IReadOnlyList<Problem> problems)
    {
        var found = new ProblemList();
        (flow, json) = (null, []);
        if (utf8.Length > MaxSize) found.Add("file", $"is larger than {MaxSize / 1024} KiB", 1, 1);
        else if (YamlTree.Read(WithoutTabs(utf8), found) is { } root)
        {
            var document = Unwrapped(root, found);
            if (RuleReader.Read(name, document, new Section("", document, found)) is { } read)
            {
                References.Check(others with { Flows = [.. others.Flows.Where(other => other.Name != name), read.Options] }, [read], found);
                flow = read.Options;
            }

            json = ToJson(document);
        }

        problems = found.Sorted();
        if (problems.Count > 0) flow = null;
        return flow is not null;
    }

    /// <summary>JSON may be indented with tabs, which YAML is not; in its texts there are none.</summary>
    private static byte[] WithoutTabs(ReadOnlySpan<byte> utf8)
    {
        var text = utf8.ToArray();
        if (utf8.TrimStart(" \t\r\n"u8) is [(byte)'{', ..]) text.AsSpan().Replace((byte)'\t', (byte)' ');
        return text;
    }

    private static MapNode Unwrapped(MapNode root, ProblemList problems)
    {
        var inner = root.Entries.FirstOrDefault(static entry => Wrappers.Contains(entry.Key.Text));
        if (inner is null || root.Entries.Any(static entry => entry.Key.Text is "sql" or "actions")) return root;
        foreach (var (key, _) in root.Entries)
            if (key != inner.Key && !BesideWrapped.Contains(key.Text)) problems.Add(Quote.Name(key.Text), $"is unknown beside {inner.Key.Text}", key);
        if (inner.Value is MapNode document) return document;
        problems.Add(inner.Key.Text, "must be a map, the rule's document", inner.Value);
        return root;
    }

    private static byte[] ToJson(MapNode document)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) Write(writer, document);
        return json.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case MapNode map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    writer.WritePropertyName(key.Text);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case ListNode list:
                writer.WriteStartArray();
                foreach (var item in list.Items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case ScalarNode { IsNothing: true }:
                writer.WriteNullValue();
                break;
            case ScalarNode { Form: ScalarForm.Plain } plain when IsLiteral(plain.Text):
                writer.WriteRawValue(plain.Text);
                break;
            case ScalarNode text:
                writer.WriteStringValue(text.Text);
                break;
        }
    }

    private static bool IsLiteral(string text)
    {
        if (text is "true" or "false") return true;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
