using System.Buffers;
using System.Text;
using Millrace.Sql.Rules;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Sql;

/// <summary>A statement on a message, in one call.</summary>
internal static class Rule
{
    public const string Speed =
        """{"name":"speed","value":47.4,"vin":"1NXBR32E84Z995078","trip_id":"799fc110","timestamp":"2018-02-15 08:20:18.000000000"}""";

    public static RuleSqlOptions V2015 { get; } = RuleSqlOptions.Default with { Version = SqlVersion.V2015 };

    public static CompiledRule Compile(string sql, RuleSqlOptions? options = null)
    {
        Assert.True(RuleSql.TryCompile(sql, options ?? RuleSqlOptions.Default, out var rule, out var error), $"{sql}: {error}");
        return rule;
    }

    public static SqlError Refuse(string sql, RuleSqlOptions? options = null)
    {
        Assert.False(RuleSql.TryCompile(sql, options ?? RuleSqlOptions.Default, out _, out var error), sql);
        return error;
    }

    public static (RuleResult Result, string Output) Run(
        string sql, string payload, string topic = "a/b", string client = "c1", RuleSqlOptions? options = null) =>
        Run(sql, Encoding.UTF8.GetBytes(payload), topic, client, out _, options);

    public static (RuleResult Result, string Output) Run(
        string sql, byte[] payload, string topic, string client, out string reason, RuleSqlOptions? options = null)
    {
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var output = new ArrayBufferWriter<byte>();
        var record = new Record
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Key = Encoding.UTF8.GetBytes(client),
            Payload = payload,
            ArrivalNs = 1_700_000_000_123_456_789,
        };
        var result = Compile(sql, options).Evaluate(record, context, output);
        reason = result == RuleResult.Unreadable ? context.Reason : "";
        return (result, result == RuleResult.Unchanged ? Encoding.UTF8.GetString(payload) : Encoding.UTF8.GetString(output.WrittenSpan));
    }

    /// <summary>The JSON of an expression; null where it is Undefined.</summary>
    public static string? Value(string expression, string payload = """{"nul":null}""", RuleSqlOptions? options = null)
    {
        var (result, output) = Run($"SELECT {expression} AS r FROM '#'", payload, options: options);
        Assert.Equal(RuleResult.Output, result);
        return output == "{}" ? null : output["{\"r\":".Length..^1];
    }
}
