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

    /// <summary>Cut towards zero behind so many places, 0 to 34.</summary>
    public static Value Trunc(Expression[] arguments, scoped in Evaluation e) => TryBoth(arguments, e, out var x, out var places)
        ? Value.Of(NumberRounding.Truncate(x, (int)Arguments.Clamp(places, Number.MaxDigits)))
        : Value.Undefined;

    /// <summary>With the precision of a double, as the reference says.</summary>
    public static Value Power(Expression[] arguments, scoped in Evaluation e) => TryBoth(arguments, e, out var x, out var y)
        ? Value.Of(Number.TryOf(Math.Pow(x.ToDouble(), y.ToDouble()), out var power), power)
        : Value.Undefined;

    /// <summary>The angle between the positive x axis and the point: y comes first.</summary>
    public static Value Atan2(Expression[] arguments, scoped in Evaluation e) => TryBoth(arguments, e, out var y, out var x)
        ? Value.Of(Number.TryOf(Math.Atan2(y.ToDouble(), x.ToDouble()), out var angle), angle)
        : Value.Undefined;

    /// <summary>A function computed in doubles. What is no finite number there, such as the root of a negative one, is Undefined.</summary>
    public static FunctionBody OfDouble(Func<double, double> compute) => (arguments, scoped in e) => TryFirst(arguments, e, out var x)
        ? Value.Of(Number.TryOf(compute(x.ToDouble()), out var result), result)
        : Value.Undefined;

    private static bool TryFirst(Expression[] arguments, scoped in Evaluation e, out Number first) => Arguments.TryNumber(arguments, 0, e, out first);

    private static bool TryBoth(Expression[] arguments, scoped in Evaluation e, out Number first, out Number second)
    {
        second = default;
        return TryFirst(arguments, e, out first) && Arguments.TryNumber(arguments, 1, e, out second);
    }
}
