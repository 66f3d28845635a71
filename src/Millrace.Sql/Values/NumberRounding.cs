namespace Millrace.Sql.Values;

/// <summary>The whole numbers next to a number.</summary>
internal static class NumberRounding
{
    /// <summary>Towards minus infinity.</summary>
    public static Number Floor(Number number)
    {
        var (whole, rest) = Split(number);
        return Of(rest < 0 ? whole - 1 : whole, number);
    }

    public static Number Ceiling(Number number)
    {
        var (whole, rest) = Split(number);
        return Of(rest > 0 ? whole + 1 : whole, number);
    }

    /// <summary>To the nearest, and from the middle away from zero.</summary>
    public static Number Round(Number number)
    {
        var (whole, rest) = Split(number);
        var places = -number.Exponent;
        if (places is <= 0 or > Number.MaxDigits) return Of(whole, number);
        return Of(Int128.Abs(rest) >= NumberDigits.Power(places) / 2 ? whole + number.Sign : whole, number);
    }

    /// <summary>Towards zero, behind so many places.</summary>
    /// <param name="places">0 or more.</param>
    public static Number Truncate(Number number, int places)
    {
        var cut = -number.Exponent - places;
        if (cut <= 0) return number;
        if (cut > Number.MaxDigits) return Number.Zero;
        Number.TryOf(number.Coefficient / NumberDigits.Power(cut), -places, out var rest);
        return rest;
    }

    private static (Int128 Whole, Int128 Fraction) Split(Number number)
    {
        if (number.IsWhole) return (number.Coefficient, 0);
        // With more places than digits there is nothing before the point.
        return -number.Exponent > Number.MaxDigits ? (0, number.Coefficient) : Int128.DivRem(number.Coefficient, NumberDigits.Power(-number.Exponent));
    }

    private static Number Of(Int128 whole, Number number)
    {
        if (number.IsWhole) return number;
        Number.TryOf(whole, 0, out var rounded);
        return rounded;
    }
}
