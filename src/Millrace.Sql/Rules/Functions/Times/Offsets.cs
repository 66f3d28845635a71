namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>Offsets from UTC: a sign, hours, and perhaps minutes and seconds, with colons or without.</summary>
internal static class Offsets
{
    private const int MaxSeconds = 18 * 3600;

    /// <summary>The whole text: <c>+1</c>, <c>+01</c>, <c>+0130</c>, <c>+01:30</c>, and with seconds.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out int seconds)
    {
        seconds = 0;
        if (text.Length < 2 || text[0] is not ('+' or '-')) return false;
        var digits = text[1..];
        var hasColons = digits.Contains(':');
        if (digits.Length == 1)
        {
            if (!char.IsAsciiDigit(digits[0])) return false;
            seconds = (digits[0] - '0') * 3600;
        }
        else
        {
            for (var unit = 3600; digits.Length > 0; unit /= 60)
            {
                if (unit == 0 || digits.Length < 2 || !char.IsAsciiDigit(digits[0]) || !char.IsAsciiDigit(digits[1])) return false;
                var value = ((digits[0] - '0') * 10) + digits[1] - '0';
                if (unit < 3600 && value > 59) return false;
                seconds += value * unit;
                digits = digits[2..];
                if (!hasColons || digits.Length == 0) continue;
                if (digits[0] != ':' || digits.Length == 1) return false;
                digits = digits[1..];
            }
        }

        if (text[0] == '-') seconds = -seconds;
        return Math.Abs(seconds) <= MaxSeconds;
    }
}
