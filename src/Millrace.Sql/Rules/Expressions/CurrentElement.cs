using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>The element that a nested SELECT is at, by the name behind AS, or as <c>*</c>.</summary>
internal sealed class CurrentElement(int select) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => e.Context.Scope(select).Element(e.Payload);
}

/// <summary>An attribute of that element, and, where it has none of that name, of what stands around the SELECT.</summary>
/// <param name="select">Which SELECT of the statement.</param>
/// <param name="path">The attribute, and the steps from there.</param>
/// <param name="around">The same path as it is read outside.</param>
internal sealed class ElementField(int select, byte[][] path, Expression around) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var value = MemberAccess.Find(e, e.Context.Scope(select).Element(e.Payload), path[0]);
        if (value.IsUndefined) return around.Evaluate(e);
        for (var i = 1; i < path.Length; i++) value = MemberAccess.Find(e, value, path[i]);
        return value;
    }
}
