using System.Buffers;
using System.Text;
using Millrace.Contracts.Records;
using Millrace.Contracts.Rules;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Plans;

namespace Millrace.Server.Cli.Rules;

/// <summary>Statements tried on messages without a server, as deployed: a rule fires where FROM matches the topic and WHERE is true.</summary>
/// <remarks>For one thread.</remarks>
internal sealed class RuleTrial(ILookups? lookups, TimeProvider time)
{
    // Of files in which each line has another statement only the last ones are kept.
    private const int MaxKept = 1000;

    private const string NotTrue = "WHERE is not true";

    private readonly Dictionary<(string Sql, SqlVersion Version), (CompiledRule? Rule, SqlError? Error)> _compiled = [];
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly RuleContext _context = new(time);

    /// <summary>Behind <see cref="RuleOutcome.Fired"/>: what the rule gives. Good until the next message.</summary>
    public ReadOnlyMemory<byte> Output { get; private set; }

    /// <summary>Behind the other outcomes: why, a sentence.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Behind <see cref="RuleOutcome.Refused"/>: where and why.</summary>
    public SqlError? Error { get; private set; }

    /// <summary>Whether a call with a wrong number of arguments is Undefined, as on AWS; else it is refused, as where rules are deployed.</summary>
    public bool WrongCountIsUndefined { get; init; }

    private RuleSqlOptions OptionsFor(SqlVersion version) =>
        RuleSqlOptions.Default with { Version = version, Lookups = lookups, WrongCountIsUndefined = WrongCountIsUndefined };

    public RuleOutcome Run(in RuleMessage message)
    {
        Output = default;
        (var rule, Error) = Compile(message.Sql, message.Version);
        if (rule is null)
        {
            Reason = Error!.ToString();
            return RuleOutcome.Refused;
        }

        var topic = Encoding.UTF8.GetBytes(message.Topic ?? TopicFor(rule.Filter));
        // Without FROM a rule is reached by Basic Ingest, which does not look at the topic.
        if (rule.Filter != TopicFilter.None && !rule.Filter.Matches(topic))
        {
            Reason = $"FROM '{rule.Filter}' does not match the topic {message.Topic}";
            return RuleOutcome.NotFired;
        }

        _output.ResetWrittenCount();
        switch (rule.Evaluate(RecordOf(message, topic), _context, _output))
        {
            case RuleResult.NotFired:
                Reason = NotTrue;
                return RuleOutcome.NotFired;
            case RuleResult.Unreadable:
                Reason = _context.Reason;
                return RuleOutcome.Unreadable;
            case RuleResult.Unchanged:
                Output = message.Payload;
                return RuleOutcome.Fired;
            default:
                Output = _output.WrittenMemory;
                return RuleOutcome.Fired;
        }
    }

    /// <summary>Renders a substitution template for a message, as an action of the rule that was tried last would see it.</summary>
    public RuleOutcome Render(string text, in RuleMessage message)
    {
        var rule = Compile(message.Sql, message.Version).Rule ?? throw new ArgumentException("the statement is wrong", nameof(message));
        if (!Template.TryCompile(text, rule.TemplateOptions, out var template, out var error))
        {
            (Error, Reason) = (error, error.ToString());
            return RuleOutcome.Refused;
        }

        var topic = Encoding.UTF8.GetBytes(message.Topic ?? TopicFor(rule.Filter));
        _output.ResetWrittenCount();
        if (!template.TryRender(RecordOf(message, topic), _context, _output))
        {
            Reason = _context.Reason;
            return RuleOutcome.Unreadable;
        }

        Output = _output.WrittenMemory;
        return RuleOutcome.Fired;
    }

    /// <summary>Behind <see cref="RuleOutcome.NotFired"/>: why, in more words than <see cref="Reason"/> has.</summary>
    public string WhyNot(RuleMessage message)
    {
        if (Reason != NotTrue || !RulePlan.TryCreate(message.Sql, OptionsFor(message.Version), out var plan, out _) || plan.ConditionValue is null) return Reason;
        var value = ValueOf(plan.ConditionValue, message);
        if (value == "false") return "WHERE is false";
        if (value.Length > 0) return $"WHERE is {(value.Length <= 60 ? value : value[..60] + "…")}, and not the Boolean true";
        var missing = plan.ConditionFields.Where(path => IsMissing(path, message)).ToArray();
        return missing.Length == 0 ? "WHERE is Undefined" : $"WHERE is Undefined, and the payload has no {string.Join(", ", missing)}";
    }

    /// <summary><c>a/b</c>, or else the filter with names in the place of its wildcards.</summary>
    public static string TopicFor(TopicFilter filter) =>
        filter == TopicFilter.None || filter.Matches("a/b"u8) ? "a/b" : filter.Text.Replace('+', 'a').Replace('#', 'a');

    private bool IsMissing(string path, RuleMessage message) =>
        Compile($"SELECT VALUE isUndefined({path}) FROM '#'", SqlVersion.V2016).Rule is { } rule && ValueOf(rule, message) == "true";

    private string ValueOf(CompiledRule rule, in RuleMessage message)
    {
        _output.ResetWrittenCount();
        rule.Evaluate(RecordOf(message, Encoding.UTF8.GetBytes(message.Topic ?? TopicFor(rule.Filter))), _context, _output);
        return Encoding.UTF8.GetString(_output.WrittenSpan);
    }

    private Record RecordOf(in RuleMessage message, byte[] topic) => new()
    {
        Topic = topic,
        Key = Encoding.UTF8.GetBytes(message.ClientId),
        Payload = message.Payload.Span,
        ArrivalNs = time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000,
    };

    private (CompiledRule? Rule, SqlError? Error) Compile(string sql, SqlVersion version)
    {
        if (_compiled.TryGetValue((sql, version), out var known)) return known;
        if (_compiled.Count == MaxKept) _compiled.Clear();
        RuleSql.TryCompile(sql, OptionsFor(version), out var rule, out var error);
        return _compiled[(sql, version)] = (rule, error);
    }
}
