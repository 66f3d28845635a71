using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>The element that a nested SELECT is at, by the name behind AS, or as <c>*</c>.</summary>
internal sealed class CurrentElement(int select) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => e.Context.Scope(select).Element(e.Payload);
}

/// <summary>An attribute of that element, and, where it has none of that name, of what stands around the SELECT.</summary>
/// <param name="select">Which SELECT of the statement.</param>
/// <param name="attribute">The attribute, as the element's reader numbers it.</param>
/// <param name="field">The whole path, which begins with the attribute.</param>
/// <param name="around">The same path as it is read outside; null where the path begins with the element's own name.</param>
internal sealed class ElementField(int select, int attribute, int field, Expression? around) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var scope = e.Context.Scope(select);
        if (around is not null && scope.Field(attribute, e.Payload).Kind == FieldKind.Missing) return around.Evaluate(e);
        return Value.Of(scope.Field(field, e.Payload));
    }

    public override bool TryNumber(scoped in Evaluation e, out Number number, out Value other)
    {
        var found = e.Context.Scope(select).Field(field, e.Payload);
        other = default;
        number = default;
        if (found.Kind == FieldKind.Number && Number.TryParse(found.Raw, out number)) return true;
        other = Evaluate(e);
        return other.TryGetNumber(out number);
    }
}
