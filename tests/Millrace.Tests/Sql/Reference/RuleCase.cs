using System.Buffers;
using System.Text;
using Millrace.Sql.Rules;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Sql.Reference;

/// <summary>A statement and a payload, and what both evaluators make of them.</summary>
internal sealed record RuleCase(Term.Statement Statement, RefValue Payload)
{
    public string Sql => TermText.Of(Statement);

    /// <summary>Null where both say the same; else what each says.</summary>
    public string? Disagreement()
    {
        var payload = Payload.Json();
        var slow = Slow(payload);
        var real = Real(payload);
        return slow == real ? null : $"\nstatement  {Sql}\npayload    {payload}\nreference  {slow}\nreal       {real}";
    }

    public override string ToString() => $"{Sql} on {Payload.Json()}";

    private string Slow(string payload)
    {
        try
        {
            return Canonical(ReferenceEvaluator.Run(Statement, payload));
        }
        catch (Exception e) when (e is not InvalidOperationException)
        {
            return $"the reference throws {e.GetType().Name}: {e.Message}";
        }
    }

    private string Real(string payload)
    {
        if (!RuleSql.TryCompile(Sql, out var rule, out var error)) return $"refused: {error}";
        var output = new ArrayBufferWriter<byte>();
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var record = new Record { Topic = "a/b"u8, Payload = Encoding.UTF8.GetBytes(payload), ArrivalNs = 1_700_000_000_000_000_000 };
        return rule.Evaluate(record, context, output) switch
        {
            RuleResult.NotFired => Canonical(null),
            RuleResult.Unchanged => Canonical(payload),
            RuleResult.Output => Canonical(Encoding.UTF8.GetString(output.WrittenSpan)),
            _ => $"unreadable: {context.Reason}",
        };
    }

    /// <summary>Without the choice of escapes; every digit stays.</summary>
    private static string Canonical(string? output) => output switch
    {
        null => "does not fire",
        "" => "empty",
        _ => RefValue.Parse(output).Json(escapes: false),
    };
}
