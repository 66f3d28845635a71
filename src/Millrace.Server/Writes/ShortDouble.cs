using System.Buffers.Text;

namespace Millrace.Server.Writes;

/// <summary>Numbers of a CSV: nearly all have few digits and no exponent.</summary>
internal static class ShortDouble
{
    // Digits and power of ten are both exact doubles, so that one division rounds once: the nearest double.
    private const int ExactDigits = 15;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <returns>False where the text is no number. NaN and infinity are some here; the table refuses them in its words.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        var negative = text.Length > 0 && text[0] == '-';
        var digits = 0L;
        var count = 0;
        var fraction = -1;
        for (var at = negative ? 1 : 0; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
                if (++count > ExactDigits) return TryReadLong(text, out value);
                if (fraction >= 0) fraction++;
            }
            else if (text[at] == '.' && fraction < 0)
            {
                fraction = 0;
            }
            else
            {
                return TryReadLong(text, out value);
            }
        }

        value = fraction > 0 ? digits / Powers[fraction] : digits;
        if (negative) value = -value;
        return count > 0;
    }

    private static bool TryReadLong(ReadOnlySpan<byte> text, out double value) => Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
}
