using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Millrace.Server.Cli.Output;
using Millrace.Server.Pipeline;
using Millrace.Sql.Rules;

namespace Millrace.Server.Cli.Rules;

/// <summary>One line of <c>rule eval --jsonl</c>: a statement and a message, as JSON.</summary>
internal static class RuleLine
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1000 };

    /// <param name="line">An object with <c>sql</c>, <c>topic</c>, <c>version</c>, <c>clientId</c>, and <c>payload</c> or <c>payloadBase64</c>; others are passed over.</param>
    /// <param name="otherwise">For members that the line does not have.</param>
    /// <param name="problem">A sentence, where it is no such line.</param>
    public static bool TryRead(ReadOnlyMemory<byte> line, in RuleMessage otherwise, out RuleMessage message, [NotNullWhen(false)] out string? problem)
    {
        message = otherwise;
        try
        {
            using var json = JsonDocument.Parse(line, Options);
            return TryRead(json.RootElement, ref message, out problem);
        }
        catch (JsonException mistake)
        {
            problem = $"the line is not JSON, at byte {mistake.BytePositionInLine + 1}";
            return false;
        }
        catch (InvalidOperationException)
        {
            // The reader says so of a string that it is asked for.
            problem = "the line has a text that is not Unicode";
            return false;
        }
    }

    private static bool TryRead(JsonElement root, ref RuleMessage message, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (root.ValueKind != JsonValueKind.Object) problem = "the line must be an object: {\"sql\":…,\"payload\":…}";
        else if (!TryText(root, "sql", message.Sql, out var sql) || sql.Length == 0) problem = "'sql' must be a text: the statement";
        else if (!TryText(root, "topic", message.Topic, out var topic)) problem = "'topic' must be a text";
        else if (topic.AsSpan().ContainsAny("+#\0")) problem = "'topic' must not hold the wildcards + and #";
        else if (!TryText(root, "clientId", message.ClientId, out var client)) problem = "'clientId' must be a text";
        else if (!TryText(root, "version", null, out var version)) problem = "'version' must be a text";
        else if (version.Length > 0 && !FlowReader.Versions.ContainsKey(version)) problem = $"'version' must be one of {string.Join(", ", FlowReader.Versions.Keys)}";
        else if (!TryPayload(root, out var payload)) problem = "give 'payload', any JSON value, or 'payloadBase64', a text; one of the two";
        else
        {
            message = new RuleMessage(
                sql,
                version.Length > 0 ? FlowReader.Versions[version] : message.Version,
                topic.Length > 0 || root.Member("topic").ValueKind == JsonValueKind.String ? topic : null,
                client,
                payload);
            return true;
        }

        return false;
    }

    private static bool TryText(JsonElement root, string name, string? otherwise, out string text)
    {
        var member = root.Member(name);
        text = otherwise ?? "";
        if (member.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return true;
        if (member.ValueKind != JsonValueKind.String) return false;
        text = member.GetString()!;
        return true;
    }

    private static bool TryPayload(JsonElement root, out byte[] payload)
    {
        payload = [];
        var json = root.Member("payload");
        var base64 = root.Member("payloadBase64");
        if (base64.ValueKind == JsonValueKind.Undefined)
        {
            if (json.ValueKind != JsonValueKind.Undefined) payload = CompactJson.Of(json);
            return json.ValueKind != JsonValueKind.Undefined;
        }

        return json.ValueKind == JsonValueKind.Undefined && base64.ValueKind == JsonValueKind.String && base64.TryGetBytesFromBase64(out payload!);
    }
}
