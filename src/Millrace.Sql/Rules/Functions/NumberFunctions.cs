using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Functions of numbers. What is not one, and no string that looks like one, makes them Undefined.</summary>
internal static class NumberFunctions
{
    public static Value Abs(Expression[] arguments, scoped in Evaluation e) =>
        TryFirst(arguments, e, out var x) ? Value.Of(x.Sign < 0 ? Number.Negate(x) : x) : Value.Undefined;

    public static Value Floor(Expression[] arguments, scoped in Evaluation e) =>
        TryFirst(arguments, e, out var x) ? Value.Of(NumberRounding.Floor(x)) : Value.Undefined;

    public static Value Ceil(Expression[] arguments, scoped in Evaluation e) =>
        TryFirst(arguments, e, out var x) ? Value.Of(NumberRounding.Ceiling(x)) : Value.Undefined;

    public static Value Round(Expression[] arguments, scoped in Evaluation e) =>
        TryFirst(arguments, e, out var x) ? Value.Of(NumberRounding.Round(x)) : Value.Undefined;

    public static Value Sign(Expression[] arguments, scoped in Evaluation e) =>
        TryFirst(arguments, e, out var x) ? Value.Of(Number.Of(x.Sign)) : Value.Undefined;

    public static Value Mod(Expression[] arguments, scoped in Evaluation e) => TryBoth(arguments, e, out var x, out var y)
        ? Value.Of(Number.TryRemainder(x, y, out var rest), rest)
        : Value.Undefined;

    /// <summary>With the precision of a double, as the reference says.</summary>
    public static Value Power(Expression[] arguments, scoped in Evaluation e) => TryBoth(arguments, e, out var x, out var y)
        ? Value.Of(Number.TryOf(Math.Pow(x.ToDouble(), y.ToDouble()), out var power), power)
        : Value.Undefined;

    /// <summary>With the precision of a double; of a negative number it is Undefined.</summary>
    public static Value Sqrt(Expression[] arguments, scoped in Evaluation e) => TryFirst(arguments, e, out var x)
        ? Value.Of(Number.TryOf(Math.Sqrt(x.ToDouble()), out var root), root)
        : Value.Undefined;

    private static bool TryFirst(Expression[] arguments, scoped in Evaluation e, out Number first) =>
        Conversions.TryNumber(e, arguments[0].Evaluate(e), out first);

    private static bool TryBoth(Expression[] arguments, scoped in Evaluation e, out Number first, out Number second)
    {
        second = default;
        return TryFirst(arguments, e, out first) && Conversions.TryNumber(e, arguments[1].Evaluate(e), out second);
    }
}
