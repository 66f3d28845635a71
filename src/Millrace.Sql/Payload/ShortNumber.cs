namespace Millrace.Sql.Payload;

/// <summary>Doubles from the numbers that sensors send: few digits, no exponent.</summary>
internal static class ShortNumber
{
    // Both the digits as an integer and the power of ten are exact doubles, so that one division rounds once: the nearest double.
    private const int ExactDigits = 15;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <returns>False where the number is not of that form; it may be a number all the same.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out double value)
    {
        value = 0;
        var negative = json.Length > 0 && json[0] == '-';
        var digits = 0L;
        var point = -1;
        var at = negative ? 1 : 0;
        if (json.Length - at > ExactDigits + 1) return false;
        for (; at < json.Length; at++)
        {
            var digit = json[at] - '0';
            if ((uint)digit <= 9)
                digits = (digits * 10) + digit;
            else if (json[at] == '.')
                point = at;
            else
                return false;
        }

        var fraction = point < 0 ? 0 : json.Length - point - 1;
        if (digits > 999_999_999_999_999) return false;
        value = digits / Powers[fraction];
        if (negative) value = -value;
        return true;
    }
}
