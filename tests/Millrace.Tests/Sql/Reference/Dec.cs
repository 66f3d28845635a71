using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Millrace.Tests.Sql.Reference;

/// <summary>A decimal of 34 digits the slow way: any coefficient, then rounded.</summary>
internal readonly partial record struct Dec(BigInteger Coefficient, int Exponent)
{
    private const int Digits = 34;
    private const int Largest = 999;

    public bool IsWhole => Exponent >= 0;

    public static Dec Of(long value) => new(value, 0);

    /// <summary>Null where the number is out of range.</summary>
    public static Dec? Of(BigInteger coefficient, BigInteger exponent)
    {
        if (coefficient.IsZero) return Of(0);
        var count = Count(coefficient);
        if (count > Digits)
        {
            coefficient = HalfEven(coefficient, BigInteger.Pow(10, count - Digits));
            exponent += count - Digits;
        }

        while ((coefficient % 10).IsZero)
        {
            coefficient /= 10;
            exponent++;
        }

        var first = exponent + Count(coefficient) - 1;
        if (first > Largest) return null;
        if (first < -Largest) return Of(0);
        return exponent > 0 && first < Digits ? new Dec(coefficient * BigInteger.Pow(10, (int)exponent), 0) : new Dec(coefficient, (int)exponent);
    }

    /// <summary>A number as JSON and SQL write it.</summary>
    public static Dec? Parse(string text)
    {
        var e = text.IndexOfAny(['e', 'E']);
        var exponent = e < 0 ? BigInteger.Zero : BigInteger.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = e < 0 ? text : text[..e];
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0) exponent -= digits.Length - point - 1;
        return Of(BigInteger.Parse(digits.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), exponent);
    }

    /// <summary>Only what the reference's expression for strings lets through.</summary>
    public static Dec? OfText(string text) => NumericText().IsMatch(text) ? Parse(text) : null;

    public static Dec? Of(double value) => double.IsFinite(value) ? Parse(value.ToString("R", CultureInfo.InvariantCulture)) : null;

    public double ToDouble() => double.Parse(ToString(), CultureInfo.InvariantCulture);

    public static Dec? Add(Dec a, Dec b)
    {
        var (x, y, exponent) = Aligned(a, b);
        return Of(x + y, exponent);
    }

    public static Dec? Multiply(Dec a, Dec b) => Of(a.Coefficient * b.Coefficient, (BigInteger)a.Exponent + b.Exponent);

    public static Dec? Divide(Dec a, Dec b)
    {
        if (b.Coefficient.IsZero) return null;
        // A sticky digit behind far more than 34 rounds as the whole of the fraction would.
        var quotient = BigInteger.DivRem(a.Coefficient * BigInteger.Pow(10, 120), b.Coefficient, out var rest);
        var sticky = (quotient * 10) + (rest.IsZero ? 0 : a.Coefficient.Sign * b.Coefficient.Sign);
        return Of(sticky, (BigInteger)a.Exponent - b.Exponent - 121);
    }

    public static Dec? Remainder(Dec a, Dec b)
    {
        if (b.Coefficient.IsZero) return null;
        var (x, y, exponent) = Aligned(a, b);
        return Of(BigInteger.Remainder(x, y), exponent);
    }

    public static int Compare(Dec a, Dec b)
    {
        var (x, y, _) = Aligned(a, b);
        return x.CompareTo(y);
    }

    public static Dec? Negate(Dec a) => new Dec(-a.Coefficient, a.Exponent);

    /// <summary>Towards minus infinity.</summary>
    public BigInteger Floor()
    {
        if (IsWhole) return Coefficient * BigInteger.Pow(10, Exponent);
        var quotient = BigInteger.DivRem(Coefficient, BigInteger.Pow(10, -Exponent), out var rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>Cut to so many places behind the point.</summary>
    public Dec? Cut(int places) => -Exponent <= places ? this : Of(Coefficient / BigInteger.Pow(10, -Exponent - places), -places);

    public override string ToString()
    {
        var sign = Coefficient.Sign < 0 ? "-" : "";
        var digits = BigInteger.Abs(Coefficient).ToString(CultureInfo.InvariantCulture);
        var first = digits.Length - 1 + Exponent;
        if (IsWhole && first < Digits) return sign + digits + new string('0', Exponent);
        if (!IsWhole && first >= -6)
        {
            digits = digits.PadLeft(1 - Exponent, '0');
            return $"{sign}{digits[..^-Exponent]}.{digits[^-Exponent..]}";
        }

        digits = digits.TrimEnd('0');
        return $"{sign}{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}E{first}";
    }

    private static (BigInteger A, BigInteger B, int Exponent) Aligned(Dec a, Dec b)
    {
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return (a.Coefficient * BigInteger.Pow(10, a.Exponent - exponent), b.Coefficient * BigInteger.Pow(10, b.Exponent - exponent), exponent);
    }

    private static int Count(BigInteger value) => BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).Length;

    private static BigInteger HalfEven(BigInteger value, BigInteger by)
    {
        var kept = BigInteger.DivRem(value, by, out var rest);
        var order = (BigInteger.Abs(rest) * 2).CompareTo(by);
        return order > 0 || (order == 0 && !kept.IsEven) ? kept + value.Sign : kept;
    }

    [GeneratedRegex(@"\A-?[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?\z")]
    private static partial Regex NumericText();
}
