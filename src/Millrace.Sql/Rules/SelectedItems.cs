using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules;

/// <summary>What a SELECT lists, compiled and by name.</summary>
/// <param name="Before">Items before the star; all, where there is none.</param>
/// <param name="After">Items behind the star.</param>
/// <param name="HasStar">Whether <c>*</c> is among them without a name.</param>
internal sealed record SelectedItems(List<OutputMember> Before, List<OutputMember> After, bool HasStar)
{
    public bool IsStarAlone => HasStar && Before.Count + After.Count == 0;

    /// <param name="items">As they were written.</param>
    /// <param name="compiler">For their expressions.</param>
    /// <param name="star">What <c>* AS name</c> is.</param>
    public static SelectedItems Of(IReadOnlyList<ItemSyntax> items, Compiler compiler, Func<Expression> star)
    {
        var before = new List<OutputMember>();
        var after = new List<OutputMember>();
        var hasStar = false;
        foreach (var (expression, alias) in items)
        {
            if (expression is StarSyntax && alias.Count == 0)
            {
                if (hasStar) throw new SyntaxException(expression.At, "'*' can be selected once only");
                hasStar = true;
                continue;
            }

            var value = expression is StarSyntax ? star() : compiler.Compile(expression);
            OutputMember.Add(hasStar ? after : before, alias.Count > 0 ? [.. alias] : NameOf(expression, compiler.Options.NestPaths), value);
        }

        return new SelectedItems(before, after, hasStar);
    }

    /// <summary>The name of an item without AS: the last name of a path (or all of it, nested), or the function's.</summary>
    private static string[] NameOf(Syntax.Syntax expression, bool nest) => expression switch
    {
        NameSyntax name => [name.Name],
        VariableSyntax variable => [variable.Name],
        MemberSyntax { Of: NameSyntax or MemberSyntax or VariableSyntax } member when nest => [.. NameOf(member.Of, nest), member.Name],
        MemberSyntax member => [member.Name],
        CallSyntax call => [call.Name],
        CastSyntax => ["cast"],
        _ => throw new SyntaxException(expression.At, "this expression has no name: add AS and a name"),
    };
}
