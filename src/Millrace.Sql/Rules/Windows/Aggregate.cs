using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Windows;

/// <summary>One aggregate of a statement.</summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Argument">The number of its argument in a row; -1 where it has none.</param>
internal readonly record struct Aggregate(AggregateKind Kind, int Argument)
{
    public const string Names = "avg, count, first, last, max, min, stddev, sum";

    /// <summary>Whether a function's name is that of an aggregate.</summary>
    public static bool IsName(string name) => KindOf(name) is not null;

    /// <summary>The kind of a call, whose arguments are checked here.</summary>
    public static AggregateKind Check(CallSyntax call)
    {
        var kind = KindOf(call.Name)!.Value;
        if (call.Arguments.Count != 1) throw new SyntaxException(call.At, $"{call.Name}() takes 1 argument, not {call.Arguments.Count}");
        return (kind, call.Arguments[0]) switch
        {
            (AggregateKind.Count, StarSyntax) => AggregateKind.CountAll,
            (AggregateKind.Count, DistinctSyntax) => AggregateKind.CountDistinct,
            (_, StarSyntax star) => throw new SyntaxException(star.At, $"'*' can be counted only, as count(*): name what {call.Name}() is of"),
            (_, DistinctSyntax distinct) => throw new SyntaxException(distinct.At, "DISTINCT can stand in count(distinct x) only"),
            _ => kind,
        };
    }

    /// <summary>Whether the argument is computed with, so that texts which look like numbers are numbers.</summary>
    public static bool IsOfNumbers(AggregateKind kind) => kind is AggregateKind.Sum or AggregateKind.Average or AggregateKind.Deviation;

    private static AggregateKind? KindOf(string name) => name.ToUpperInvariant() switch
    {
        "COUNT" => AggregateKind.Count,
        "SUM" => AggregateKind.Sum,
        "AVG" => AggregateKind.Average,
        "STDDEV" => AggregateKind.Deviation,
        "MIN" => AggregateKind.Min,
        "MAX" => AggregateKind.Max,
        "FIRST" => AggregateKind.First,
        "LAST" => AggregateKind.Last,
        _ => null,
    };
}
