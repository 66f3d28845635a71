using System.Buffers;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary><c>+</c>: with a string on either side it joins the string forms, else it adds numbers.</summary>
internal sealed class Addition(Expression left, Expression right) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => Of(e, left.Evaluate(e), right.Evaluate(e));

    public static Value Of(scoped in Evaluation e, Value a, Value b)
    {
        if (a.Kind == ValueKind.String || b.Kind == ValueKind.String) return Join(e, a, b);
        if (!a.TryGetNumber(out var x) || !b.TryGetNumber(out var y) || !Number.TryAdd(x, y, out var sum)) return Value.Undefined;
        return e.Options.Version == SqlVersion.V2015 && (a.IsDecimal || b.IsDecimal) ? Value.OfDecimal(sum) : Value.Of(sum);
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
