using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary><c>- * / %</c> of numbers, and of strings that look like one. Division is exact; by zero it is Undefined.</summary>
internal sealed class Arithmetic(char sign, Expression left, Expression right) : Expression
{
    public static Expression Of(char sign, Expression left, Expression right, RuleSqlOptions options)
    {
        if (sign == '/' && options.IntegerDivision) return new IntegerDivision(left, right);
        return options.Version == SqlVersion.V2015 ? new Arithmetic2015(sign, left, right) : new Arithmetic(sign, left, right);
    }

    public override Value Evaluate(scoped in Evaluation e)
    {
        if (!Conversions.TryNumber(e, left.Evaluate(e), out var a) || !Conversions.TryNumber(e, right.Evaluate(e), out var b))
            return Value.Undefined;
        return Value.Of(TryCompute(sign, a, b, out var result), result);
    }

    public static bool TryCompute(char sign, Number a, Number b, out Number result) => sign switch
    {
        '-' => Number.TryAdd(a, Number.Negate(b), out result),
        '*' => Number.TryMultiply(a, b, out result),
        '/' => Number.TryDivide(a, b, out result),
        _ => Number.TryRemainder(a, b, out result),
    };
}

/// <summary>The same in 2015-10-08, where a Decimal on either side makes a Decimal, and a string is one.</summary>
internal sealed class Arithmetic2015(char sign, Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var first = left.Evaluate(e);
        var second = right.Evaluate(e);
        if (!Conversions.TryNumber(e, first, out var a) || !Conversions.TryNumber(e, second, out var b)) return Value.Undefined;
        if (!Arithmetic.TryCompute(sign, a, b, out var result)) return Value.Undefined;
        return IsDecimal(first) || IsDecimal(second) ? Value.OfDecimal(result) : Value.Of(result);
    }

    private static bool IsDecimal(Value value) => value.IsDecimal || value.Kind == ValueKind.String;
}

/// <summary><c>/</c> where the rule asks that an Int by an Int is an Int, cut towards zero.</summary>
internal sealed class IntegerDivision(Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var first = left.Evaluate(e);
        var second = right.Evaluate(e);
        if (!Conversions.TryNumber(e, first, out var a) || !Conversions.TryNumber(e, second, out var b)) return Value.Undefined;
        var whole = IsInt(e, first, a) && IsInt(e, second, b);
        // Without the rest it divides exactly, so that nothing can round up.
        if (whole && (!Number.TryRemainder(a, b, out var rest) || !Number.TryAdd(a, Number.Negate(rest), out a))) return Value.Undefined;
        if (!Number.TryDivide(a, b, out var result)) return Value.Undefined;
        return !whole && e.Options.Version == SqlVersion.V2015 ? Value.OfDecimal(result) : Value.Of(result);
    }

    private static bool IsInt(scoped in Evaluation e, Value value, Number number) =>
        value.Kind == ValueKind.Number && number.IsWhole && !(e.Options.Version == SqlVersion.V2015 && value.IsDecimal);
}

internal sealed class Negation(Expression operand) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var value = operand.Evaluate(e);
        if (!Conversions.TryNumber(e, value, out var number)) return Value.Undefined;
        var isDecimal = e.Options.Version == SqlVersion.V2015 && (value.IsDecimal || value.Kind == ValueKind.String);
        return isDecimal ? Value.OfDecimal(Number.Negate(number)) : Value.Of(Number.Negate(number));
    }
}
