using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Server.Cli;
using Millrace.Tests.Sql;

namespace Millrace.Tests.Server.Cli;

/// <summary>The vectors of the reference, as another program would put them to <c>rule eval --jsonl</c>.</summary>
public class RuleVectorTests
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Every_vector_gives_what_it_says_through_the_command_line()
    {
        var vectors = VectorTests.Vectors().Select(static row => JsonNode.Parse(row.Data.Item2)!.AsObject()).ToArray();
        var shell = new Shell { Input = Encoding.UTF8.GetBytes(string.Join('\n', vectors.Select(static v => LineOf(v).ToJsonString()))) };
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "eval", "--jsonl"));
        var answers = shell.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(vectors.Length, answers.Length);
        Assert.Empty(
            from pair in vectors.Zip(answers)
            let id = (string)pair.First["id"]!
            where !IsAnswer(pair.First, pair.Second)
            select $"{id}: {pair.First.ToJsonString()} gives {pair.Second}");
    }

    private static JsonObject LineOf(JsonObject vector)
    {
        var line = new JsonObject { ["sql"] = vector["expr"] is { } expression ? $"SELECT {expression} AS r FROM '#'" : (string)vector["sql"]!, ["topic"] = (string?)vector["topic"] ?? "a/b" };
        if (vector["ver"] is { } version) line["version"] = (string)version!;
        if (!vector.TryGetPropertyValue("in", out var payload)) payload = JsonNode.Parse("""{"nul":null}""");
        if (payload is JsonObject given && given["$raw"] is { } raw) line["payloadBase64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes((string)raw!));
        else line["payload"] = payload?.DeepClone();
        return line;
    }

    private static bool IsAnswer(JsonObject vector, string answer)
    {
        using var json = JsonDocument.Parse(answer);
        var root = json.RootElement;
        if (!root.TryGetProperty("fires", out var fires)) return false;
        if (vector["fires"] is not null) return !fires.GetBoolean();
        if (!fires.GetBoolean()) return false;
        var hasOutput = vector.TryGetPropertyValue("out", out var wanted);
        if (wanted is JsonObject expected && expected["$raw"] is { } raw)
            return root.TryGetProperty("outputBase64", out var base64) && Encoding.UTF8.GetString(base64.GetBytesFromBase64()) == (string)raw!;
        if (!root.TryGetProperty("output", out var output)) return false;
        if (vector["expr"] is not null) wanted = hasOutput ? new JsonObject { ["r"] = wanted?.DeepClone() } : new JsonObject();
        return VectorTests.Normal(output) == VectorTests.Normal(wanted?.ToJsonString(Plain) ?? "null");
    }
}
