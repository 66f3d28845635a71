using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>
/// Operators of numbers as 2016-03-23 has them, for operands that are numbers: those go from node to node as <see cref="Number"/>. Whatever
/// else an operand is, the result is that of <see cref="Arithmetic"/>, <see cref="Addition"/> and <see cref="Ordering"/>.
/// </summary>
internal static class FastNumbers
{
    /// <summary>The operator's node; null where there is none of this kind.</summary>
    public static Expression? Of(string sign, Expression left, Expression right, RuleSqlOptions options)
    {
        if (options.Version != SqlVersion.V2016 || options.WithoutFastNodes || (sign == "/" && options.IntegerDivision)) return null;
        return sign switch
        {
            "+" => new FastAddition(left, right),
            "-" or "*" or "/" or "%" => new FastArithmetic(sign[0], left, right),
            "<" or "<=" or ">" or ">=" => Ordering(sign[0] == '<', sign.Length == 2, left, right),
            _ => null,
        };
    }

    private static Expression Ordering(bool less, bool orEqual, Expression left, Expression right)
    {
        var plain = new FastOrdering(less, orEqual, left, right);
        return (left, right) switch
        {
            (FieldAccess field, NumberConstant threshold) => new FastThreshold(less, orEqual, field, threshold.Number, plain),
            (NumberConstant threshold, FieldAccess field) => new FastThreshold(!less, orEqual, field, threshold.Number, plain),
            _ => plain,
        };
    }

    /// <summary>An operand that is a number, or a string that looks like one.</summary>
    public static bool TryOperand(scoped in Evaluation e, Expression operand, out Number number) =>
        operand.TryNumber(e, out number, out var other) || Conversions.TryNumber(e, other, out number);
}

internal sealed class FastArithmetic(char sign, Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => Value.Of(TryCompute(e, out var result), result);

    public override bool TryNumber(scoped in Evaluation e, out Number number, out Value other)
    {
        other = default;
        return TryCompute(e, out number);
    }

    private bool TryCompute(scoped in Evaluation e, out Number result)
    {
        result = default;
        return FastNumbers.TryOperand(e, left, out var a) && FastNumbers.TryOperand(e, right, out var b) && Arithmetic.TryCompute(sign, a, b, out result);
    }
}

internal sealed class FastAddition(Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => TryNumber(e, out var sum, out var other) ? Value.Of(sum) : other;

    public override bool TryNumber(scoped in Evaluation e, out Number number, out Value other)
    {
        var hasLeft = left.TryNumber(e, out var x, out var a);
        var hasRight = right.TryNumber(e, out var y, out var b);
        other = default;
        number = default;
        if (hasLeft && hasRight) return Number.TryAdd(x, y, out number);
        other = Addition.Of(e, hasLeft ? Value.Of(x) : a, hasRight ? Value.Of(y) : b);
        return other.TryGetNumber(out number);
    }
}

internal sealed class FastOrdering(bool less, bool orEqual, Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => TryCompare(e, out var result) ? Value.Of(result) : Value.Undefined;

    public override bool IsTrue(scoped in Evaluation e) => TryCompare(e, out var result) && result;

    private bool TryCompare(scoped in Evaluation e, out bool result)
    {
        result = false;
        if (!FastNumbers.TryOperand(e, left, out var a) || !FastNumbers.TryOperand(e, right, out var b)) return false;
        var order = Number.Compare(a, b);
        result = (orEqual && order == 0) || (less ? order < 0 : order > 0);
        return true;
    }
}
