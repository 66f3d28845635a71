using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Bits of whole numbers, negative ones in two's complement; others are rounded down first.</summary>
internal static class BitFunctions
{
    public static Value And(Expression[] arguments, scoped in Evaluation e) =>
        TryBoth(arguments, e, out var a, out var b) ? Of(a & b) : Value.Undefined;

    public static Value Or(Expression[] arguments, scoped in Evaluation e) =>
        TryBoth(arguments, e, out var a, out var b) ? Of(a | b) : Value.Undefined;

    public static Value Xor(Expression[] arguments, scoped in Evaluation e) =>
        TryBoth(arguments, e, out var a, out var b) ? Of(a ^ b) : Value.Undefined;

    public static Value Not(Expression[] arguments, scoped in Evaluation e) =>
        Arguments.TryInt(arguments, 0, e, out var a) ? Of(~a) : Value.Undefined;

    private static bool TryBoth(Expression[] arguments, scoped in Evaluation e, out Int128 a, out Int128 b)
    {
        b = 0;
        return Arguments.TryInt(arguments, 0, e, out a) && Arguments.TryInt(arguments, 1, e, out b);
    }

    private static Value Of(Int128 bits) => Value.Of(Number.TryOf(bits, 0, out var number), number);
}
