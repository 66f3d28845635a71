using System.Buffers;
using System.Text;
using Millrace.Server.Cli.Rules;
using Millrace.Server.Pipeline;
using Millrace.Sql.Rules;
using Millrace.Tests.Sql.Reference;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Sql.Docs;

/// <summary>An example of a page: a statement, and behind it lines of <c>key: value</c> with the message and what becomes of it.</summary>
/// <remarks>
/// <c>in</c> or <c>in-base64</c> (else <c>{}</c>), <c>topic</c> (else one behind FROM), <c>client</c>, <c>version</c>, <c>lookups</c>; then one of
/// <c>out</c> (JSON, or else the bytes), <c>fires: false</c> and <c>error</c> (a part of the message). A value goes on to the next key.
/// </remarks>
internal sealed class RuleExample
{
    private static readonly string[] Keys = ["in", "in-base64", "topic", "client", "version", "lookups", "out", "fires", "error"];

    private readonly Dictionary<string, string> _values = [];

    public RuleExample(string text)
    {
        var key = "";
        foreach (var line in text.Split('\n'))
        {
            var found = Keys.FirstOrDefault(k => line.StartsWith($"{k}:", StringComparison.Ordinal));
            if (found is not null && _values.ContainsKey(found)) throw new FormatException($"{found} is there twice");
            key = found ?? key;
            var value = found is null ? line : line[(found.Length + 1)..].Trim();
            _values[key] = _values.TryGetValue(key, out var before) ? $"{before}\n{value}" : value;
        }

        if (Keys[^3..].Count(_values.ContainsKey) != 1) throw new FormatException("one of out, fires and error must say what becomes of the message");
        if (_values.TryGetValue("fires", out var fires) && fires.Trim() != "false") throw new FormatException("fires: false, or out");
    }

    private string Sql => _values[""];

    /// <summary>Null where the example is true; else what happens in its place.</summary>
    public string? Mistake()
    {
        var lookups = _values.TryGetValue("lookups", out var json) ? FileLookups.Read(Encoding.UTF8.GetBytes(json), "lookups") : null;
        var version = _values.TryGetValue("version", out var named) ? FlowReader.Versions[named.Trim()] : SqlVersion.V2016;
        if (!RuleSql.TryCompile(Sql, RuleSqlOptions.Default with { Version = version, Lookups = lookups }, out var rule, out var error)) return Judge("error", error.ToString());
        var payload = _values.TryGetValue("in-base64", out var base64) ? Convert.FromBase64String(base64) : Encoding.UTF8.GetBytes(_values.GetValueOrDefault("in", "{}"));
        var topic = Encoding.UTF8.GetBytes(_values.GetValueOrDefault("topic", RuleTrial.TopicFor(rule.Filter)).Trim());
        if (rule.Filter != TopicFilter.None && !rule.Filter.Matches(topic)) return Judge("fires", "false");
        return Run(rule, payload, topic);
    }

    private string? Run(CompiledRule rule, byte[] payload, byte[] topic)
    {
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var output = new ArrayBufferWriter<byte>();
        var record = new Record
        {
            Topic = topic,
            Key = Encoding.UTF8.GetBytes(_values.GetValueOrDefault("client", "")),
            Payload = payload,
            ArrivalNs = 1_700_000_000_123_000_000,
        };
        return rule.Evaluate(record, context, output) switch
        {
            RuleResult.NotFired => Judge("fires", "false"),
            RuleResult.Unreadable => Judge("error", context.Reason),
            RuleResult.Unchanged => Judge("out", Encoding.UTF8.GetString(payload)),
            _ => Judge("out", Encoding.UTF8.GetString(output.WrittenSpan)),
        };
    }

    private string? Judge(string key, string happened)
    {
        var isTrue = _values.TryGetValue(key, out var expected)
            && (key == "error" ? happened.Contains(expected, StringComparison.Ordinal) : Normal(happened) == Normal(expected));
        return isTrue ? null : $"{Sql}\ngives {key}: {happened}";
    }

    /// <summary>JSON without its spaces, each digit as it is; or else the text.</summary>
    private static string Normal(string text) => CompactJson.Is(Encoding.UTF8.GetBytes(text)) ? RefValue.Parse(text).Json(escapes: false) : text.Trim();
}
