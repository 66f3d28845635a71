using System.Buffers;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary><c>- * / %</c> of numbers, and of strings that look like one. Division is exact; by zero it is Undefined.</summary>
internal sealed class Arithmetic(char sign, Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        if (!Conversions.TryNumber(e, left.Evaluate(e), out var a) || !Conversions.TryNumber(e, right.Evaluate(e), out var b))
            return Value.Undefined;
        var possible = sign switch
        {
            '-' => Number.TryAdd(a, Number.Negate(b), out var result) ? (true, result) : default,
            '*' => Number.TryMultiply(a, b, out var result) ? (true, result) : default,
            '/' => Number.TryDivide(a, b, out var result) ? (true, result) : default,
            _ => Number.TryRemainder(a, b, out var result) ? (true, result) : default,
        };
        return Value.Of(possible.Item1, possible.Item2);
    }
}

/// <summary><c>+</c>: with a string on either side it joins the string forms, else it adds numbers.</summary>
internal sealed class Addition(Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var a = left.Evaluate(e);
        var b = right.Evaluate(e);
        if (a.Kind == ValueKind.String || b.Kind == ValueKind.String) return Join(e, a, b);
        return a.TryGetNumber(out var x) && b.TryGetNumber(out var y) ? Value.Of(Number.TryAdd(x, y, out var sum), sum) : Value.Undefined;
    }

    private static Value Join(scoped in Evaluation e, Value a, Value b)
    {
        if (!Conversions.TryText(e, a, out var first) || !Conversions.TryText(e, b, out var second)) return Value.Undefined;
        if (!e.Context.HasRoom(first.Length + second.Length)) return Value.Undefined;
        var buffer = e.Context.TakeText();
        buffer.Write(first);
        buffer.Write(second);
        return Value.OfText(buffer.Written);
    }
}

internal sealed class Negation(Expression operand) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) =>
        Conversions.TryNumber(e, operand.Evaluate(e), out var number) ? Value.Of(Number.Negate(number)) : Value.Undefined;
}
