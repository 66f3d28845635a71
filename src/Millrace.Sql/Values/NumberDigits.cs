namespace Millrace.Sql.Values;

/// <summary>Counting, cutting and rounding of decimal digits.</summary>
internal static class NumberDigits
{
    private static readonly Int128[] Powers = AllPowers();
    private static readonly long[] ShortPowers =
        [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>10 to the power of 0 to 38.</summary>
    public static Int128 Power(int exponent) => Powers[exponent];

    /// <summary>10 to the power of 0 to 9.</summary>
    public static long ShortPower(int exponent) => ShortPowers[exponent];

    /// <summary>Digits of the absolute value; 1 for zero.</summary>
    public static int Count(Int128 value)
    {
        if (value < 0) value = -value;
        var count = 1;
        if (value <= long.MaxValue)
        {
            for (var rest = (long)value; rest >= 10; rest /= 10) count++;
            return count;
        }

        while (count < Powers.Length && value >= Powers[count]) count++;
        return count;
    }

    /// <summary>To at most 34 digits, half to even.</summary>
    public static void Round(ref Int128 coefficient, ref long exponent, bool inexact)
    {
        var excess = Count(coefficient) - Number.MaxDigits;
        if (excess <= 0) return;
        var (kept, rest) = Int128.DivRem(coefficient, Powers[excess]);
        exponent += excess;
        var half = Powers[excess] / 2;
        var cut = Int128.Abs(rest);
        if (cut > half || (cut == half && (inexact || Int128.IsOddInteger(kept)))) kept += Int128.IsNegative(coefficient) ? -1 : 1;
        coefficient = kept;
        if (Count(kept) > Number.MaxDigits) Round(ref coefficient, ref exponent, inexact: false);
    }

    /// <summary>Takes zeros from the end of a fraction, so that what is whole has no negative exponent.</summary>
    public static void Strip(ref Int128 coefficient, ref long exponent)
    {
        if (exponent >= 0) return;
        if (Number.IsLong(coefficient))
        {
            var small = (long)coefficient;
            while (exponent < 0 && small % 10 == 0)
            {
                small /= 10;
                exponent++;
            }

            coefficient = small;
            return;
        }

        while (exponent < 0 && coefficient % 10 == 0)
        {
            coefficient /= 10;
            exponent++;
        }
    }

    private static Int128[] AllPowers()
    {
        var powers = new Int128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
