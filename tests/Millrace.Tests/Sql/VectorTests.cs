using System.Text;
using System.Text.Json;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql;

public class VectorTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Vectors()
    {
        foreach (var file in new[] { "rules-expressions.jsonl", "rules-statements.jsonl" })
        {
            using var lines = new StreamReader(typeof(VectorTests).Assembly.GetManifestResourceStream(file)!);
            while (lines.ReadLine() is { } line)
            {
                using var vector = JsonDocument.Parse(line);
                yield return new(vector.RootElement.GetProperty("id").GetString()!, line);
            }
        }
    }

    [Theory, MemberData(nameof(Vectors))]
    public void A_vector_gives_what_it_says(string id, string line)
    {
        Assert.NotEmpty(id);
        using var vector = JsonDocument.Parse(line);
        var root = vector.RootElement;
        var sql = root.TryGetProperty("expr", out var expression) ? $"SELECT {expression.GetString()} AS r FROM '#'" : root.GetProperty("sql").GetString()!;
        var options = RuleSqlOptions.Default with
        {
            Version = root.TryGetProperty("ver", out var version) && version.GetString() == "2015-10-08" ? SqlVersion.V2015 : SqlVersion.V2016,
            WrongCountIsUndefined = true,
        };
        var payload = Bytes(root.TryGetProperty("in", out var given) ? given : JsonDocument.Parse("""{"nul":null}""").RootElement);
        var topic = root.TryGetProperty("topic", out var named) ? named.GetString()! : "a/b";
        var (result, output) = Rule.Run(sql, payload, topic, "c1", out _, options);
        if (root.TryGetProperty("fires", out _))
        {
            Assert.Equal(RuleResult.NotFired, result);
            return;
        }

        Assert.True(result is RuleResult.Output or RuleResult.Unchanged, $"{result}");
        if (root.TryGetProperty("expr", out _))
            Assert.Equal(root.TryGetProperty("out", out var value) ? $$"""{"r":{{Normal(value)}}}""" : "{}", Normal(output));
        else if (root.GetProperty("out") is { ValueKind: JsonValueKind.Object } made && made.TryGetProperty("$raw", out var raw))
            Assert.Equal(raw.GetString(), output);
        else
            Assert.Equal(Normal(root.GetProperty("out")), Normal(output));
    }

    private static byte[] Bytes(JsonElement given) => Encoding.UTF8.GetBytes(
        given.ValueKind == JsonValueKind.Object && given.TryGetProperty("$raw", out var raw) ? raw.GetString()! : given.GetRawText());

    internal static string Normal(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Normal(document.RootElement);
    }

    /// <summary>Numbers as doubles, no space: so that equal values have equal texts.</summary>
    internal static string Normal(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        JsonValueKind.Object => "{" + string.Join(",", json.EnumerateObject().Select(m => $"\"{m.Name}\":{Normal(m.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(",", json.EnumerateArray().Select(Normal)) + "]",
        _ => json.GetRawText(),
    };
}
