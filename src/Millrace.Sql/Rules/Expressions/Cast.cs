using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary><c>cast(x AS type)</c>, which converts more than expressions do by themselves.</summary>
internal sealed class Cast(ValueKind target, bool whole, Expression operand) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var value = operand.Evaluate(e);
        return target switch
        {
            ValueKind.String => Conversions.TryText(e, value, out var text) ? Value.OfText(text) : Value.Undefined,
            ValueKind.Boolean => ToBoolean(e, value),
            _ => ToNumber(e, value),
        };
    }

    private static Value ToBoolean(scoped in Evaluation e, Value value)
    {
        if (value.Kind == ValueKind.Number) return value.TryGetNumber(out var number) ? Value.Of(!number.IsZero) : Value.Undefined;
        return Conversions.TryBoolean(e, value, out var boolean) ? Value.Of(boolean) : Value.Undefined;
    }

    private Value ToNumber(scoped in Evaluation e, Value value)
    {
        var truth = value.Kind == ValueKind.Boolean;
        var number = Number.Of(value.IsTrue ? 1 : 0);
        if (!truth && !Conversions.TryNumber(e, value, out number)) return Value.Undefined;
        if (whole) return Value.Of(NumberRounding.Floor(number));
        // An Int stays one; what comes from anything else is a Decimal, which only 2015-10-08 shows.
        var isDecimal = e.Options.Version == SqlVersion.V2015 && (value.Kind != ValueKind.Number || value.IsDecimal);
        return isDecimal ? Value.OfDecimal(number) : Value.Of(number);
    }
}
