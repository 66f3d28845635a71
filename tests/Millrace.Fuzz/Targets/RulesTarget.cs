using System.Buffers;
using System.Text;
using System.Text.Json;
using Millrace.Contracts.Records;
using Millrace.Server.Cli.Rules;
using Millrace.Sql.Rules;
using Millrace.Testing.Mqtt;

namespace Millrace.Fuzz.Targets;

/// <summary>Statements and templates with words changed, on payloads with bytes broken: refused with a place, or evaluated to JSON, twice the same.</summary>
internal sealed class RulesTarget : IFuzzTarget
{
    // Of a statement and a message of a few hundred bytes, no function makes more than this.
    private const int MostOutput = 80 << 20;

    private static readonly string[] Words =
    [
        "SELECT", "VALUE", "FROM", "WHERE", "AS", "SET", "@v", "@w", "=", "<>", "<", ">=", "AND", "OR", "NOT", "IN", "EXISTS", "CASE", "WHEN", "THEN", "ELSE", "END", "*", ",", ".", "(",
        ")", "[", "]", "{", "}", ":", "'", "\"", "''", "${", "'a/b'", "#", "NULL", "true", "0", "-1", "1e999", "1e-999", "9999999999999999999999999999999999", "0.1", "'5'", "''", "vin",
        "value", "arr", "rows", "x", "x.y", "missing", "é", "😀", "\0", "\uD800", "GROUP BY", "tumbling('1m')", "abs(", "concat(", "get(", "replace(", "transform(", "lpad(", "cast(",
        "decode(", "regexp_replace(", "encode(*, 'base64')", "( SELECT * FROM rows )", "'(a|a)*b'", "1 /", "2.", "--", "/*", ";",
    ];

    private static readonly string[] Payloads =
    [
        """{"vin":"1NX\u0042R32","name":"speed","value":47.40,"a":true,"b":"FALSE","arr":[1,2.50,"x",null,{"n":1}],"rows":[{"n":"a","v":1},{"n":"b","v":2e0}],"x":{"y":[{"z":1},[3]]}}""",
        """{"value":1e400,"vin":"","arr":[],"rows":{},"x":null,"value":-0}""",
        """[1,{"vin":"é😀"},"x"]""",
        "80",
        "",
    ];

    private readonly string[] _samples = Samples();
    private readonly RuleContext _used = new(TimeProvider.System, new Random(1));

    private readonly FileLookups _lookups = FileLookups.Read(
        """{"shadows":{"1NXBR32":{"state":{"on":true}}},"things":{},"documents":{"t":{"k":{"v":1}}},"secrets":{"k":"{\"a\":1}"},"functions":{"f":{"x":1}}}"""u8.ToArray(), "lookups");

    public string Name => "rules";

    public void Run(int seed, FuzzInput input)
    {
        var random = new Random(seed);
        var text = Changed(random);
        var payload = Encoding.UTF8.GetBytes(Payloads[random.Next(Payloads.Length)]);
        for (var times = random.Next(3); times > 0; times--) payload = Mutation.Of(random, payload, Encoding.UTF8.GetBytes(Payloads[0]));
        input.Add(text);
        input.Add("payload", payload);
        var options = RuleSqlOptions.Default with
        {
            Version = random.Next(4) == 0 ? SqlVersion.V2015 : SqlVersion.V2016,
            IntegerDivision = random.Next(4) == 0,
            NestPaths = random.Next(4) == 0,
            Lookups = random.Next(4) == 0 ? null : _lookups,
        };
        CheckRule(text, options, payload);
        CheckTemplate(text, options, payload);
    }

    private void CheckRule(string sql, RuleSqlOptions options, byte[] payload)
    {
        var compiled = RuleSql.TryCompile(sql, options, out var rule, out var error);
        BrokenPromiseException.Unless(compiled == RuleSql.TryCompile(sql, options, out _, out var again) && error == again, "It compiles otherwise the second time.");
        if (error is not null) CheckError(sql, error);
        if (rule is null) return;
        var (result, output, reason) = Evaluate(rule, new RuleContext(TimeProvider.System, new Random(1)), payload);
        var (sameResult, sameOutput, _) = Evaluate(rule, _used, payload);
        BrokenPromiseException.Unless(result == sameResult && output.AsSpan().SequenceEqual(sameOutput), "It gives something else the second time.");
        BrokenPromiseException.Unless(result != RuleResult.Unreadable || reason.Length is > 0 and < 4096, "A reason is to be a sentence.");
        BrokenPromiseException.Unless(result == RuleResult.Output || output.Length == 0, "It writes where there is nothing to write.");
        BrokenPromiseException.Unless(output.Length <= MostOutput, $"It makes {output.Length} bytes of {payload.Length}.");
        if (output.Length > 0) CheckJson(output);
    }

    private static void CheckTemplate(string text, RuleSqlOptions options, byte[] payload)
    {
        if (!Template.TryCompile(text, options, out var template, out var error))
        {
            CheckError(text, error);
            return;
        }

        var context = new RuleContext(TimeProvider.System, new Random(1));
        var output = new ArrayBufferWriter<byte>();
        var rendered = template.TryRender(RecordOf(payload), context, output);
        BrokenPromiseException.Unless(rendered || (output.WrittenCount == 0 && context.Reason.Length > 0), "A template that gives nothing says why, and writes nothing.");
    }

    private static void CheckError(string text, SqlError error)
    {
        var lines = text.Split('\n');
        var isWithin = error.Line >= 1 && error.Line <= lines.Length && error.Column >= 1 && error.Column <= lines[error.Line - 1].Length + 1;
        BrokenPromiseException.Unless(isWithin, $"{error.Line}:{error.Column} is not within the text.");
        BrokenPromiseException.Unless(error.Message.Length is > 0 and < 4096, "A message is to be a sentence.");
    }

    private static void CheckJson(byte[] output)
    {
        try
        {
            using var json = JsonDocument.Parse(output, new JsonDocumentOptions { MaxDepth = 256 });
        }
        catch (JsonException mistake)
        {
            throw new BrokenPromiseException($"The output is not JSON ({mistake.Message}): {Encoding.UTF8.GetString(output.AsSpan(0, Math.Min(1000, output.Length)))}");
        }
    }

    private static (RuleResult Result, byte[] Output, string Reason) Evaluate(CompiledRule rule, RuleContext context, byte[] payload)
    {
        var output = new ArrayBufferWriter<byte>();
        var result = rule.Evaluate(RecordOf(payload), context, output);
        return (result, output.WrittenSpan.ToArray(), result == RuleResult.Unreadable ? context.Reason : "");
    }

    private static Record RecordOf(byte[] payload) => new() { Topic = "a/b"u8, Key = "c1"u8, Payload = payload, ArrivalNs = 1_700_000_000_123_456_789 };

    private string Changed(Random random)
    {
        var words = _samples[random.Next(_samples.Length)].Split(' ').ToList();
        for (var times = random.Next(5); times > 0 && words.Count > 0; times--)
        {
            var at = random.Next(words.Count);
            var other = _samples[random.Next(_samples.Length)].Split(' ');
            var word = random.Next(2) == 0 ? Words[random.Next(Words.Length)] : other[random.Next(other.Length)];
            if (random.Next(4) == 0) words.RemoveAt(at);
            else if (random.Next(2) == 0) words.Insert(at, word);
            else words[at] = word;
        }

        var text = string.Join(random.Next(8) == 0 ? "\n" : " ", words);
        return random.Next(10) == 0 ? Encoding.UTF8.GetString(Mutation.Of(random, Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(_samples[0]))) : text;
    }

    private static string[] Samples()
    {
        using var reader = new StreamReader(typeof(RulesTarget).Assembly.GetManifestResourceStream("rules.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
