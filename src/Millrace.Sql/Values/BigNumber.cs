using System.Numerics;

namespace Millrace.Sql.Values;

/// <summary>Arithmetic of numbers with more than 18 digits. Rare, so it may allocate.</summary>
internal static class BigNumber
{
    // Further apart than this, the smaller of two numbers cannot change the 34 digits of their sum.
    private const int OutOfSight = 2 * Number.MaxDigits;

    public static bool TryAdd(Number a, Number b, out Number sum)
    {
        if (a.IsZero || b.IsZero || Math.Abs((long)a.Magnitude - b.Magnitude) > OutOfSight)
        {
            sum = b.IsZero || (!a.IsZero && a.Magnitude > b.Magnitude) ? a : b;
            return true;
        }

        var (left, right, exponent) = Align(a, b);
        return TryOf(left + right, exponent, inexact: false, out sum);
    }

    public static bool TryMultiply(Number a, Number b, out Number product) =>
        TryOf((BigInteger)a.Coefficient * (BigInteger)b.Coefficient, (long)a.Exponent + b.Exponent, inexact: false, out product);

    public static bool TryDivide(Number a, Number b, out Number quotient)
    {
        var places = Number.MaxDigits + 2 + NumberDigits.Count(b.Coefficient);
        var scaled = (BigInteger)a.Coefficient * BigInteger.Pow(10, places);
        var digits = BigInteger.DivRem(scaled, (BigInteger)b.Coefficient, out var rest);
        return TryOf(digits, (long)a.Exponent - b.Exponent - places, !rest.IsZero, out quotient);
    }

    public static bool TryRemainder(Number a, Number b, out Number rest)
    {
        if (a.IsZero || a.Magnitude < b.Magnitude)
        {
            rest = a;
            return true;
        }

        var (left, right, exponent) = Align(a, b);
        return TryOf(BigInteger.Remainder(left, right), exponent, inexact: false, out rest);
    }

    /// <summary>For numbers of one sign and magnitude.</summary>
    public static int Compare(Number a, Number b)
    {
        var (left, right, _) = Align(a, b);
        return left.CompareTo(right);
    }

    public static bool TryOf(BigInteger coefficient, long exponent, bool inexact, out Number number)
    {
        // 36 digits and the knowledge whether there was more are enough to round to 34.
        var excess = coefficient.IsZero ? 0 : (int)BigInteger.Log10(BigInteger.Abs(coefficient)) - Number.MaxDigits - 1;
        if (excess > 0)
        {
            coefficient = BigInteger.DivRem(coefficient, BigInteger.Pow(10, excess), out var rest);
            exponent += excess;
            inexact |= !rest.IsZero;
        }

        return Number.TryOf((Int128)coefficient, exponent, inexact, out number);
    }

    private static (BigInteger A, BigInteger B, int Exponent) Align(Number a, Number b)
    {
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return (
            (BigInteger)a.Coefficient * BigInteger.Pow(10, a.Exponent - exponent),
            (BigInteger)b.Coefficient * BigInteger.Pow(10, b.Exponent - exponent),
            exponent);
    }
}
