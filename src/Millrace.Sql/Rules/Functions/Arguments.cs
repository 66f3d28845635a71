using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Arguments as the types that functions want. False means that the function is Undefined.</summary>
internal static class Arguments
{
    public static bool TryText(Expression[] arguments, int index, scoped in Evaluation e, out ReadOnlySpan<byte> text) =>
        Conversions.TryText(e, arguments[index].Evaluate(e), out text);

    public static bool TryNumber(Expression[] arguments, int index, scoped in Evaluation e, out Number number) =>
        Conversions.TryNumber(e, arguments[index].Evaluate(e), out number);

    /// <summary>A whole number of up to 34 digits; others are rounded down.</summary>
    public static bool TryInt(Expression[] arguments, int index, scoped in Evaluation e, out Int128 value)
    {
        value = 0;
        if (!TryNumber(arguments, index, e, out var number)) return false;
        number = NumberRounding.Floor(number);
        if (number.IsZero) return true;
        if (number.Magnitude >= Number.MaxDigits) return false;
        value = number.Coefficient * NumberDigits.Power(number.Exponent);
        return true;
    }

    /// <summary>Rounded down, and taken to the nearer end of 0 to <paramref name="most"/> where it is outside.</summary>
    public static long Clamp(Number number, long most)
    {
        if (number.Sign <= 0) return 0;
        return NumberRounding.Floor(number).TryToLong(out var value) ? Math.Min(value, most) : most;
    }
}
