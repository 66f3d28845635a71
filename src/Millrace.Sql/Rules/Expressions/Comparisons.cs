using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary><c>&lt; &lt;= &gt; &gt;=</c>: of numbers only, strings are converted.</summary>
internal sealed class Ordering(bool less, bool orEqual, Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        if (!Conversions.TryNumber(e, left.Evaluate(e), out var a) || !Conversions.TryNumber(e, right.Evaluate(e), out var b))
            return Value.Undefined;
        var order = Number.Compare(a, b);
        return Value.Of((orEqual && order == 0) || (less ? order < 0 : order > 0));
    }
}

/// <summary><c>=</c> and <c>&lt;&gt;</c>: without conversion; different types are not equal.</summary>
internal sealed class Equality(bool negated, Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var a = left.Evaluate(e);
        var b = right.Evaluate(e);
        if (a.IsUndefined || b.IsUndefined) return Value.Undefined;
        if (a.Kind != ValueKind.Number || b.Kind != ValueKind.Number) return Value.Of(Equal.Are(e, a, b) != negated);
        // A payload may have numbers that are too large to be one here.
        return a.TryGetNumber(out var x) && b.TryGetNumber(out var y) ? Value.Of((Number.Compare(x, y) == 0) != negated) : Value.Undefined;
    }
}

/// <summary><c>x IN array</c>: whether an element is equal to x.</summary>
internal sealed class Membership(Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var wanted = left.Evaluate(e);
        var array = right.Evaluate(e);
        if (wanted.IsUndefined || array.Kind != ValueKind.Array || !e.Context.MayRead(array.Bytes.Length)) return Value.Undefined;
        var walk = new JsonWalk(array);
        while (walk.Next())
            if (Equal.Are(e, wanted, walk.Current)) return Value.Of(true);
        return Value.Of(false);
    }
}
