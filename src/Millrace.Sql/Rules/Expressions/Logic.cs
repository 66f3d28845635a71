using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>AND and OR of Booleans and the strings true and false; anything else on either side makes it Undefined.</summary>
internal sealed class Logic(bool and, Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        if (!Conversions.TryBoolean(e, left.Evaluate(e), out var a) || !Conversions.TryBoolean(e, right.Evaluate(e), out var b))
            return Value.Undefined;
        return Value.Of(and ? a && b : a || b);
    }

    public override bool IsTrue(scoped in Evaluation e)
    {
        // An AND is true only where both are, so that after a first that is not the second need not be looked at. An OR must look at
        // both: true OR Undefined is Undefined.
        if (!and) return Evaluate(e).IsTrue;
        return Conversions.TryBoolean(e, left.Evaluate(e), out var a) && a && Conversions.TryBoolean(e, right.Evaluate(e), out var b) && b;
    }
}

internal sealed class Inversion(Expression operand) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) =>
        Conversions.TryBoolean(e, operand.Evaluate(e), out var value) ? Value.Of(!value) : Value.Undefined;
}
