using Millrace.Contracts;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Options;

/// <summary>Checks on texts with <c>${…}</c> in them, before there is a record to fill them from.</summary>
internal static class Templates
{
    private const string AnyValue = "x";

    private static readonly RuleSqlOptions OfAnyRule = RuleSqlOptions.Default.WithAnyVariable() with { Lookups = CheckedLookups.Instance };

    // A destination checks itself without knowing its flow; the flow's version and variables count all the same.
    [ThreadStatic]
    private static RuleSqlOptions? _ofFlow;

    [ThreadStatic]
    private static bool _seesPublisher;

    /// <summary>Checks a destination of a flow.</summary>
    /// <param name="sql">What the flow's templates are compiled for; null: nobody knows, its statement is wrong.</param>
    /// <param name="sink">The destination.</param>
    public static IReadOnlyList<Problem> Check(RuleSqlOptions? sql, SinkOptions sink)
    {
        _ofFlow = sql;
        try
        {
            return [.. sink.Check()];
        }
        finally
        {
            _ofFlow = null;
        }
    }

    /// <summary>Whether a template of a destination asks who published.</summary>
    public static bool UsePublisher(RuleSqlOptions? sql, SinkOptions sink)
    {
        _seesPublisher = false;
        Check(sql, sink);
        return _seesPublisher;
    }

    /// <summary>The text with a letter for each expression; what is wrong with it goes to <paramref name="problems"/>.</summary>
    public static string Sample(string text, string where, List<Problem> problems)
    {
        if (!Template.TryCompile(text, _ofFlow ?? OfAnyRule, out var template, out var error))
        {
            problems.Add(new(where, error.Message, error.Line, error.Column));
            return AnyValue;
        }

        _seesPublisher |= template.UsesPublisher;
        return template.Sample(AnyValue);
    }
}
