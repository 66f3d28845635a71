using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Windows;

/// <summary>Goes through an expression.</summary>
internal static class SyntaxWalk
{
    /// <summary>The first part, outside in, for which it holds; null where there is none.</summary>
    public static Syntax.Syntax? Find(Syntax.Syntax syntax, Func<Syntax.Syntax, bool> holds)
    {
        if (holds(syntax)) return syntax;
        foreach (var part in PartsOf(syntax))
            if (Find(part, holds) is { } found) return found;
        return null;
    }

    /// <summary>The parts of an expression, in the order in which they stand.</summary>
    public static IEnumerable<Syntax.Syntax> PartsOf(Syntax.Syntax syntax) => syntax switch
    {
        MemberSyntax member => [member.Of],
        IndexSyntax index => [index.Of, index.Index],
        UnarySyntax unary => [unary.Operand],
        BinarySyntax binary => [binary.Left, binary.Right],
        CallSyntax call => call.Arguments,
        CastSyntax cast => [cast.Operand],
        ArraySyntax array => array.Items,
        ObjectSyntax json => json.Members.Select(static m => m.Value),
        DistinctSyntax distinct => [distinct.Operand],
        CaseSyntax choice => [choice.Subject, .. choice.Choices.SelectMany(static c => (Syntax.Syntax[])[c.Value, c.Result]), .. (Syntax.Syntax[])(choice.Else is { } last ? [last] : [])],
        SelectSyntax select => [.. select.Items.Select(static item => item.Expression), select.From, .. (Syntax.Syntax[])(select.Where is { } where ? [where] : [])],
        ExistsSyntax exists => [exists.Select],
        _ => [],
    };
}
