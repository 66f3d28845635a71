using Millrace.Contracts;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Options;

/// <summary>Checks on texts with <c>${…}</c> in them, before there is a record to fill them from.</summary>
internal static class Templates
{
    private const string AnyValue = "x";

    private static readonly RuleSqlOptions AnyRule = RuleSqlOptions.Default.WithAnyVariable() with { Lookups = CheckedLookups.Instance };

    // Options are checked by themselves, and know no rule: whoever knows it says so around the check, on the same thread.
    [ThreadStatic]
    private static RuleSqlOptions? _rule;

    /// <summary>Checks a destination of a rule: in its texts the rule's variables may stand, and what its version of the language has.</summary>
    /// <param name="sink">What is checked.</param>
    /// <param name="rule">Null where the rule itself is wrong: then any variable may be right.</param>
    public static IEnumerable<Problem> Check(SinkOptions sink, RuleSqlOptions? rule)
    {
        _rule = rule;
        try
        {
            return [.. sink.Check()];
        }
        finally
        {
            _rule = null;
        }
    }

    /// <summary>The text with a letter for each expression; what is wrong with it goes to <paramref name="problems"/>.</summary>
    public static string Sample(string text, string where, List<Problem> problems)
    {
        if (!Template.TryCompile(text, _rule ?? AnyRule, out var template, out var error))
        {
            problems.Add(new(where, error.Message, error.Line, error.Column));
            return AnyValue;
        }

        return template.Sample(AnyValue);
    }
}
