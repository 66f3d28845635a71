using System.Buffers;
using System.Text;
using Millrace.Sql.Rules;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Sql.Functions;

/// <summary>An expression on a message of which more than the payload matters.</summary>
internal sealed class Call
{
    public RuleSqlOptions Options { get; init; } = RuleSqlOptions.Default;

    public byte[] Payload { get; init; } = """{"nul":null}"""u8.ToArray();

    public byte[] Properties { get; init; } = [];

    public string Topic { get; init; } = "a/b";

    public string Client { get; init; } = "c1";

    public long Offset { get; init; } = 7;

    public long ArrivalNs { get; init; } = 1_700_000_000_123_456_789;

    public RuleContext Context { get; init; } = new(TimeProvider.System, new Random(1));

    /// <summary>The JSON of the expression; null where it is Undefined.</summary>
    public string? Value(string expression)
    {
        var (result, output) = Evaluate(expression);
        Assert.True(result == RuleResult.Output, $"{expression}: {result}, {(result == RuleResult.Unreadable ? Context.Reason : "")}");
        return output == "{}" ? null : output["{\"r\":".Length..^1];
    }

    /// <summary>Why the statement fails for the message.</summary>
    public string Failure(string expression)
    {
        Assert.Equal(RuleResult.Unreadable, Evaluate(expression).Result);
        return Context.Reason;
    }

    public CompiledRule Compile(string expression)
    {
        Assert.True(RuleSql.TryCompile($"SELECT {expression} AS r FROM '#'", Options, out var rule, out var error), $"{expression}: {error}");
        return rule;
    }

    public SqlError Refuse(string expression)
    {
        Assert.False(RuleSql.TryCompile($"SELECT {expression} AS r FROM '#'", Options, out _, out var error), expression);
        return error;
    }

    private (RuleResult Result, string Output) Evaluate(string expression)
    {
        var output = new ArrayBufferWriter<byte>();
        var record = new Record
        {
            Topic = Encoding.UTF8.GetBytes(Topic),
            Key = Encoding.UTF8.GetBytes(Client),
            Payload = Payload,
            Properties = Properties,
            Offset = Offset,
            ArrivalNs = ArrivalNs,
        };
        var result = Compile(expression).Evaluate(record, Context, output);
        return (result, Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
