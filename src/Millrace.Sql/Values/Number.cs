using System.Numerics;

namespace Millrace.Sql.Values;

/// <summary>A decimal of up to 34 digits, AWS IoT SQL's only kind of number: <c>Coefficient × 10^Exponent</c>, exact.</summary>
/// <remarks>
/// Whole numbers have an exponent of 0 or more, so that <see cref="IsWhole"/> is what AWS calls an Int. Operations that no number can
/// hold (beyond 10^1000, division by zero) answer false. While both coefficients fit into 64 bits nothing is allocated.
/// </remarks>
internal readonly struct Number
{
    public const int MaxDigits = 34;

    /// <summary>The largest power of ten of a first digit; the smallest is its negative.</summary>
    public const int MaxExponent = 999;

    // Not as an Int128, which would make every value that holds a number a third larger.
    private readonly ulong _low;
    private readonly long _high;

    private Number(Int128 coefficient, int exponent)
    {
        _low = (ulong)coefficient;
        _high = (long)(coefficient >> 64);
        Exponent = exponent;
    }

    private Number(long coefficient, int exponent)
    {
        _low = (ulong)coefficient;
        _high = coefficient >> 63;
        Exponent = exponent;
    }

    public Int128 Coefficient => new((ulong)_high, _low);

    public int Exponent { get; }

    public static Number Zero => default;

    public bool IsWhole => Exponent >= 0;

    public bool IsZero => (_low | (ulong)_high) == 0;

    public int Sign => _high < 0 ? -1 : IsZero ? 0 : 1;

    /// <summary>The power of ten of the first digit.</summary>
    internal int Magnitude => NumberDigits.Count(Coefficient) - 1 + Exponent;

    public static Number Of(long value) => new(value, 0);

    /// <summary>Rounds to 34 digits, half to even.</summary>
    public static bool TryOf(Int128 coefficient, long exponent, out Number number) =>
        TryOf(coefficient, exponent, inexact: false, out number);

    /// <param name="inexact">Whether something other than zero was cut off behind the coefficient.</param>
    public static bool TryOf(Int128 coefficient, long exponent, bool inexact, out Number number)
    {
        number = default;
        if (!IsLong(coefficient) || inexact) NumberDigits.Round(ref coefficient, ref exponent, inexact);
        if (coefficient == 0) return true;
        NumberDigits.Strip(ref coefficient, ref exponent);
        if (exponent is > -800 and < 800)
        {
            number = new Number(coefficient, (int)exponent);
            return true;
        }

        var magnitude = exponent + NumberDigits.Count(coefficient) - 1;
        if (magnitude < -MaxExponent) return true;
        if (magnitude > MaxExponent) return false;
        number = new Number(coefficient, (int)exponent);
        return true;
    }

    /// <summary>Reads a number as JSON writes it.</summary>
    /// <param name="plus">Whether the exponent may have a <c>+</c>: in JSON it may, in a string that is to be a number it may not.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out Number number, bool plus = true) =>
        NumberText.TryParse(text, plus, out number);

    public static bool TryOf(double value, out Number number)
    {
        number = default;
        return double.IsFinite(value) && NumberText.TryOf(value, out number);
    }

    public double ToDouble() => NumberText.ToDouble(this);

    /// <summary>False where it is not whole or does not fit.</summary>
    public bool TryToLong(out long value)
    {
        value = 0;
        if (!IsWhole) return false;
        if (IsZero) return true;
        if (Exponent > 18 || !IsLong(Coefficient)) return false;
        var whole = Coefficient * NumberDigits.Power(Exponent);
        value = (long)whole;
        return IsLong(whole);
    }

    public static Number Negate(Number a) => new(-a.Coefficient, a.Exponent);

    public static bool TryAdd(Number a, Number b, out Number sum)
    {
        if (TryAlignShort(a, b, out var x, out var y)) return TryOfShort(x + y, Math.Min(a.Exponent, b.Exponent), out sum);
        if (a.Exponent == b.Exponent && IsLong(a.Coefficient) && IsLong(b.Coefficient))
            return TryOf(a.Coefficient + b.Coefficient, a.Exponent, out sum);
        if (TryAlign(a, b, out var left, out var right, out var exponent)) return TryOf(left + right, exponent, out sum);
        return BigNumber.TryAdd(a, b, out sum);
    }

    public static bool TryMultiply(Number a, Number b, out Number product)
    {
        if (a.IsShort && b.IsShort) return TryOfShort((long)a._low * (long)b._low, a.Exponent + b.Exponent, out product);
        return IsLong(a.Coefficient) && IsLong(b.Coefficient)
            ? TryOf(a.Coefficient * b.Coefficient, (long)a.Exponent + b.Exponent, out product)
            : BigNumber.TryMultiply(a, b, out product);
    }

    public static bool TryDivide(Number a, Number b, out Number quotient)
    {
        quotient = default;
        if (b.IsZero) return false;
        if (!IsLong(a.Coefficient) || !IsLong(b.Coefficient)) return BigNumber.TryDivide(a, b, out quotient);
        var exponent = (long)a.Exponent - b.Exponent;
        var (digits, rest) = Int128.DivRem(a.Coefficient, b.Coefficient);
        while (rest != 0 && NumberDigits.Count(digits) is var count && count <= MaxDigits)
        {
            // 18 places more at a time: the rest is below 2^63, so that it stays below 2^126.
            var places = Math.Min(18, MaxDigits + 1 - count);
            var (next, left) = Int128.DivRem(rest * NumberDigits.Power(places), b.Coefficient);
            digits = (digits * NumberDigits.Power(places)) + next;
            rest = left;
            exponent -= places;
        }

        return TryOf(digits, exponent, rest != 0, out quotient);
    }

    /// <summary>The rest of the division, with the sign of <paramref name="a"/>.</summary>
    public static bool TryRemainder(Number a, Number b, out Number rest)
    {
        rest = default;
        if (b.IsZero) return false;
        if (TryAlign(a, b, out var left, out var right, out var exponent)) return TryOf(left % right, exponent, out rest);
        return BigNumber.TryRemainder(a, b, out rest);
    }

    public static int Compare(Number a, Number b)
    {
        if (TryAlignShort(a, b, out var x, out var y)) return x.CompareTo(y);
        if (a.Exponent == b.Exponent) return a.Coefficient.CompareTo(b.Coefficient);
        if (TryAlign(a, b, out var left, out var right, out _)) return left.CompareTo(right);
        if (a.Sign != b.Sign) return a.Sign.CompareTo(b.Sign);
        return a.Magnitude != b.Magnitude ? a.Sign * a.Magnitude.CompareTo(b.Magnitude) : BigNumber.Compare(a, b);
    }

    /// <summary>A number of few digits, which is its own normal form.</summary>
    /// <param name="coefficient">At most 18 digits; the last is not 0 where <paramref name="exponent"/> is negative.</param>
    internal static Number OfShort(long coefficient, int exponent) => new(coefficient, exponent);

    /// <summary>Whether the coefficient fits into 32 bits, so that what is computed with it fits into 64.</summary>
    private bool IsShort => (int)_low == (long)_low && _high == (long)_low >> 63;

    /// <summary>Of a coefficient that needs no rounding.</summary>
    private static bool TryOfShort(long coefficient, int exponent, out Number number)
    {
        if (exponent is <= -800 or >= 800) return TryOf(coefficient, exponent, out number);
        for (; exponent < 0 && coefficient % 10 == 0 && coefficient != 0; exponent++) coefficient /= 10;
        number = coefficient == 0 ? default : new Number(coefficient, exponent);
        return true;
    }

    /// <summary>Both as multiples of one power of ten, where that fits into 64 bits, and their sum does.</summary>
    private static bool TryAlignShort(Number a, Number b, out long left, out long right)
    {
        left = (long)a._low;
        right = (long)b._low;
        var apart = a.Exponent - b.Exponent;
        if (!a.IsShort || !b.IsShort || apart is < -9 or > 9) return false;
        if (apart > 0)
            left *= NumberDigits.ShortPower(apart);
        else
            right *= NumberDigits.ShortPower(-apart);
        return true;
    }

    internal static bool IsLong(Int128 value) => (long)value == value;

    /// <summary>Both as multiples of one power of ten, where that fits.</summary>
    private static bool TryAlign(Number a, Number b, out Int128 left, out Int128 right, out int exponent)
    {
        left = a.Coefficient;
        right = b.Coefficient;
        exponent = Math.Min(a.Exponent, b.Exponent);
        var (up, down) = (a.Exponent - exponent, b.Exponent - exponent);
        if (up > 18 || down > 18 || !IsLong(left) || !IsLong(right)) return false;
        if (up > 0) left *= NumberDigits.Power(up);
        if (down > 0) right *= NumberDigits.Power(down);
        return true;
    }
}
