using Millrace.Contracts;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Options;

/// <summary>Checks on texts with <c>${…}</c> in them, before there is a record to fill them from.</summary>
internal static class Templates
{
    private const string AnyValue = "x";

    /// <summary>The text with a letter for each expression; what is wrong with it goes to <paramref name="problems"/>.</summary>
    public static string Sample(string text, string where, List<Problem> problems)
    {
        if (!Template.TrySample(text, AnyValue, out var sample, out var error)) problems.Add(new(where, error.Message, error.Line, error.Column));
        return sample;
    }

    /// <summary>What is wrong with texts of a rule, which only together with it can be seen: variables, and the version of the language.</summary>
    public static IEnumerable<Problem> Check(IEnumerable<(string Where, string Text)> texts, RuleSqlOptions rule) =>
        from text in texts
        where Template.TrySample(text.Text, AnyValue, out _, out _)
        let error = Template.TryCompile(text.Text, rule, out _, out var mistake) ? null : mistake
        where error is not null
        select new Problem(text.Where, error.Message, error.Line, error.Column);
}
