using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>AND and OR of Booleans and the strings true and false; anything else on either side makes it Undefined.</summary>
internal sealed class Logic(bool and, Expression left, Expression right) : Expression
{
    public static Expression Of(bool and, Expression left, Expression right, RuleSqlOptions options) =>
        options.ThreeValuedLogic ? new ThreeValuedLogic(and, left, right) : new Logic(and, left, right);

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

/// <summary>AND and OR where one side may decide alone, whatever the other is.</summary>
internal sealed class ThreeValuedLogic(bool and, Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var hasLeft = Conversions.TryBoolean(e, left.Evaluate(e), out var a);
        if (hasLeft && a != and) return Value.Of(a);
        var hasRight = Conversions.TryBoolean(e, right.Evaluate(e), out var b);
        if (hasRight && b != and) return Value.Of(b);
        return hasLeft && hasRight ? Value.Of(and) : Value.Undefined;
    }
}

internal sealed class Inversion(Expression operand) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) =>
        Conversions.TryBoolean(e, operand.Evaluate(e), out var value) ? Value.Of(!value) : Value.Undefined;
}
