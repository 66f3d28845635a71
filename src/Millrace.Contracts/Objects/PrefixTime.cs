using System.Globalization;
using System.Text;

namespace Millrace.Contracts.Objects;

/// <summary>Patterns of Java's DateTimeFormatter, as far as a path can have use for them.</summary>
internal static class PrefixTime
{
    private const string Known = "yyyy, uuuu, yy, YYYY (of the week), M, MM, d, dd, D, DDD, H, HH, m, mm, s, ss, S to SSSSSSS, w, ww and 'text'";

    /// <param name="pattern">Such as <c>yyyy/MM/dd/HH</c>, with text in single quotes, and a quote as two of them.</param>
    /// <param name="time">UTC.</param>
    /// <param name="into">Receives the text.</param>
    /// <returns>What of the pattern cannot be; null where all was written.</returns>
    public static string? TryFormat(string pattern, DateTime time, StringBuilder into)
    {
        if (pattern.Length == 0) return $"timestamp: needs a pattern, such as !{{timestamp:yyyy/MM/dd}}";
        for (var at = 0; at < pattern.Length;)
        {
            var letter = pattern[at];
            if (letter == '\'')
            {
                if (Quoted(pattern, ref at, into)) continue;
                return "a quote is not closed";
            }

            if (!char.IsAsciiLetter(letter))
            {
                into.Append(letter);
                at++;
                continue;
            }

            var end = at;
            while (end < pattern.Length && pattern[end] == letter) end++;
            if (Field(letter, end - at, time) is not { } text) return $"the pattern '{pattern[at..end]}' is not known: there are {Known}";
            into.Append(text);
            at = end;
        }

        return null;
    }

    private static bool Quoted(string pattern, ref int at, StringBuilder into)
    {
        if (at + 1 < pattern.Length && pattern[at + 1] == '\'')
        {
            into.Append('\'');
            at += 2;
            return true;
        }

        for (at++; at < pattern.Length; at++)
        {
            if (pattern[at] != '\'')
            {
                into.Append(pattern[at]);
            }
            else if (at + 1 < pattern.Length && pattern[at + 1] == '\'')
            {
                into.Append('\'');
                at++;
            }
            else
            {
                at++;
                return true;
            }
        }

        return false;
    }

    private static string? Field(char letter, int count, DateTime time) => (letter, count) switch
    {
        ('y' or 'u', 2) => Digits(time.Year % 100, 2),
        ('y' or 'u', 1 or 3 or 4) => Digits(time.Year, count),
        ('Y', 2) => Digits(ISOWeek.GetYear(time) % 100, 2),
        ('Y', 1 or 3 or 4) => Digits(ISOWeek.GetYear(time), count),
        ('M' or 'L', 1 or 2) => Digits(time.Month, count),
        ('d', 1 or 2) => Digits(time.Day, count),
        ('D', 1 or 2 or 3) => Digits(time.DayOfYear, count),
        ('H', 1 or 2) => Digits(time.Hour, count),
        ('m', 1 or 2) => Digits(time.Minute, count),
        ('s', 1 or 2) => Digits(time.Second, count),
        ('w', 1 or 2) => Digits(ISOWeek.GetWeekOfYear(time), count),
        ('S', >= 1 and <= 7) => Digits((int)(time.Ticks % TimeSpan.TicksPerSecond), 7)[..count],
        _ => null,
    };

    private static string Digits(int number, int least) => number.ToString(CultureInfo.InvariantCulture).PadLeft(least, '0');
}
