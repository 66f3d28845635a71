using System.Globalization;
using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Sql.Rules;

namespace Millrace.Benchmarks.Rules;

/// <summary>As the server does it: the topic finds its rules in a tree, and those are evaluated.</summary>
internal sealed class OurRules : Contender
{
    private readonly RuleContext _context = new(TimeProvider.System, new Random(1));
    private readonly TopicTree<CompiledRule> _rules;
    private readonly List<CompiledRule> _found = [];

    /// <exception cref="FaultException">The statement is refused.</exception>
    public OurRules(RuleRow row)
    {
        var rules = Enumerable.Range(0, row.OtherRules).Select(static i => Compile(Other(i))).ToList();
        rules.Insert(rules.Count / 2, Compile(row.Sql));
        _rules = TopicTree<CompiledRule>.Of(rules.Select(static rule => (rule.Filter, rule)));
    }

    public override ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        _found.Clear();
        _rules.Match(topic, _found);
        Output.ResetWrittenCount();
        var record = new Record { Topic = topic, Payload = payload, ArrivalNs = 1 };
        foreach (var rule in _found)
        {
            var result = rule.Evaluate(record, _context, Output);
            if (result == RuleResult.Unchanged) return payload;
            if (result == RuleResult.Unreadable) throw new FaultException(Fault.Unreadable, _context.Reason);
        }

        return Output.WrittenSpan;
    }

    private static CompiledRule Compile(string sql) => RuleSql.TryCompile(sql, out var rule, out var error)
        ? rule
        : throw new FaultException(Fault.Refused, $"{sql}: {error}");

    /// <summary>Filters as plants have them, each with its own beginning in common with the topic that is measured.</summary>
    private static string Other(int number)
    {
        var filter = (number % 4) switch
        {
            0 => $"site/{number}/+/x",
            1 => $"dt/cars/VIN{number}/telemetry",
            2 => $"dt/+/D{number}/measures",
            _ => $"plant/line{number}/#",
        };
        return string.Create(CultureInfo.InvariantCulture, $"SELECT vin, value FROM '{filter}' WHERE value > {number}");
    }
}
