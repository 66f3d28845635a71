using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary><c>cast(x AS type)</c>, which converts more than expressions do by themselves.</summary>
internal sealed class Cast(ValueKind target, bool whole, Expression operand) : Expression
{
    /// <summary>The names of types, and what they convert to; Int is a whole Number.</summary>
    public static readonly IReadOnlyDictionary<string, (ValueKind Target, bool Whole)> Types =
        new Dictionary<string, (ValueKind Target, bool Whole)>(StringComparer.OrdinalIgnoreCase)
        {
            ["String"] = (ValueKind.String, false),
            ["Nvarchar"] = (ValueKind.String, false),
            ["Text"] = (ValueKind.String, false),
            ["Ntext"] = (ValueKind.String, false),
            ["Varchar"] = (ValueKind.String, false),
            ["Int"] = (ValueKind.Number, true),
            ["Integer"] = (ValueKind.Number, true),
            ["Double"] = (ValueKind.Number, false),
            ["Decimal"] = (ValueKind.Number, false),
            ["Bool"] = (ValueKind.Boolean, false),
            ["Boolean"] = (ValueKind.Boolean, false),
        };

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
        if (value.Kind == ValueKind.Boolean) return Value.Of(Number.Of(value.IsTrue ? 1 : 0));
        if (!Conversions.TryNumber(e, value, out var number)) return Value.Undefined;
        return Value.Of(whole ? NumberRounding.Floor(number) : number);
    }
}
