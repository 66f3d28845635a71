namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>One part of a pattern: a literal, an optional part, or a field.</summary>
internal sealed record TimeStep
{
    public string? Literal { get; init; }

    public TimeStep[]? Optional { get; init; }

    /// <summary>Which field; for a name in letters instead of a number see <see cref="Names"/>.</summary>
    public char Letter { get; init; }

    public int Count { get; init; }

    /// <summary>The fewest digits; 0 for what is no number.</summary>
    public int Least { get; init; }

    public int Most { get; init; }

    /// <summary>Whether it may be negative, and with more digits than the pattern has letters only with a sign.</summary>
    public SignStyle Sign { get; init; }

    /// <summary>Digits that belong to the numbers right behind it.</summary>
    public int Reserved { get; init; }

    public string[]? Names { get; init; }

    public bool IsNumber => Least > 0;

    public bool IsFixed => IsNumber && Least == Most;

    /// <summary>Null where there is no such field, or not with so many letters.</summary>
    public static TimeStep? TryCreate(char letter, int count)
    {
        var step = new TimeStep { Letter = letter, Count = count };
        return (letter, count) switch
        {
            ('u' or 'y' or 'Y', 2) => step with { Least = 2, Most = 2 },
            ('u' or 'y' or 'Y', < 4) => step with { Least = count, Most = 19, Sign = SignStyle.Normal },
            ('u' or 'y' or 'Y', < 20) => step with { Least = count, Most = 19, Sign = SignStyle.ExceedsPad },
            ('M' or 'L' or 'Q' or 'q' or 'e' or 'd' or 'h' or 'H' or 'k' or 'K' or 'm' or 's' or 'w' or 'D', 1) => step with { Least = 1, Most = 19, Sign = SignStyle.Normal },
            ('D', 2 or 3) => step with { Least = count, Most = 3 },
            ('M' or 'L' or 'Q' or 'q' or 'e' or 'd' or 'h' or 'H' or 'k' or 'K' or 'm' or 's' or 'w', 2) => step with { Least = 2, Most = 2 },
            ('M' or 'L', 3) => step with { Names = Cut(Times.Names.Months) },
            ('M' or 'L', 4) => step with { Names = Times.Names.Months },
            ('Q' or 'q', 3) => step with { Names = ["Q1", "Q2", "Q3", "Q4"] },
            ('Q' or 'q', 4) => step with { Names = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"] },
            ('E', < 4) or ('e', 3) => step with { Letter = 'E', Names = Cut(Times.Names.Days) },
            ('E' or 'e', 4) => step with { Letter = 'E', Names = Times.Names.Days },
            ('G', < 4) => step with { Names = ["BC", "AD"] },
            ('G', 4) => step with { Names = ["Before Christ", "Anno Domini"] },
            ('a', 1) => step with { Names = Times.Names.Halves },
            ('S', < 10) => step with { Least = count, Most = count },
            ('A' or 'n' or 'N', < 20) => step with { Least = count, Most = 19 },
            ('V', 2) or ('z', < 5) or ('O', 1 or 4) or ('X' or 'x' or 'Z', < 6) => step,
            _ => null,
        };
    }

    public bool TryParse(ReadOnlySpan<char> text, ref int at, ref TimeFields fields)
    {
        if (Names is not null) return TryName(text, ref at, out var name) && TrySet(ref fields, name);
        if (IsNumber) return TryNumber(text, ref at, out var number) && TrySet(ref fields, number);
        if (Letter is 'V' or 'z') return ZoneText.TryZone(text, ref at, ref fields, isText: Letter == 'z');
        return ZoneText.TryOffset(text, ref at, Letter, Count, out var seconds) && TimeFields.TrySet(ref fields.Offset, seconds);
    }

    private static string[] Cut(string[] names) => [.. names.Select(static name => name[..Times.Names.Short])];

    /// <summary>The number of the name, from 0.</summary>
    private bool TryName(ReadOnlySpan<char> text, ref int at, out long number)
    {
        for (number = 0; number < Names!.Length; number++)
        {
            if (!text[at..].StartsWith(Names[number], StringComparison.Ordinal)) continue;
            at += Names[number].Length;
            return true;
        }

        return false;
    }

    private bool TryNumber(ReadOnlySpan<char> text, ref int at, out long number)
    {
        number = 0;
        var sign = at < text.Length && text[at] is '+' or '-' ? text[at] : '\0';
        if ((sign != '\0' && Sign == SignStyle.None) || (sign == '+' && Sign == SignStyle.Normal)) return false;
        if (sign != '\0') at++;
        var digits = text[at..];
        var length = 0;
        while (length < digits.Length && length < Most + Reserved && char.IsAsciiDigit(digits[length])) length++;
        if (Reserved > 0) length = Math.Max(Math.Min(Least, length), length - Reserved);
        if (length < Least || length > Most) return false;
        if (Sign == SignStyle.ExceedsPad && sign != '-' && length > Least != (sign == '+')) return false;
        if (!long.TryParse(digits[..length], System.Globalization.NumberStyles.None, null, out number)) return false;
        if (sign == '-') number = -number;
        at += length;
        return true;
    }

    private bool TrySet(ref TimeFields fields, long value)
    {
        if (Letter is 'N') return TrySetLong(ref fields.NanoOfDay, value);
        if (Letter is 'A') return TrySetLong(ref fields.MilliOfDay, value);
        if (value is < -CivilTime.MaxYear or > 999_999_999) return false;
        var number = (int)value;
        var year = Least == 2 && Most == 2 ? 2000 + number : number;
        switch (Letter)
        {
            case 'u':
                return IsYear(year) && TimeFields.TrySet(ref fields.Year, year);
            case 'y':
                return IsYear(year) && TimeFields.TrySet(ref fields.YearOfEra, year);
            case 'Y':
                return IsYear(year) && TimeFields.TrySet(ref fields.WeekYear, year);
            case 'G':
                return TimeFields.TrySet(ref fields.Era, number);
            case 'M' or 'L':
                return TimeFields.TrySet(ref fields.Month, Names is null ? number : number + 1);
            case 'Q' or 'q':
                return TimeFields.TrySet(ref fields.Quarter, Names is null ? number : number + 1);
            case 'E':
                return TimeFields.TrySet(ref fields.DayOfWeek, number + 1);
            case 'e':
                // Counted from Sunday on, as in the United States.
                return number is >= 1 and <= 7 && TimeFields.TrySet(ref fields.DayOfWeek, ((number + 5) % 7) + 1);
            case 'a':
                return TimeFields.TrySet(ref fields.Half, number);
            case 'S':
                for (var i = Count; i < 9; i++) number *= 10;
                return TimeFields.TrySet(ref fields.Nano, number);
            case 'n':
                return TimeFields.TrySet(ref fields.Nano, number);
            case 'd':
                return TimeFields.TrySet(ref fields.Day, number);
            case 'D':
                return TimeFields.TrySet(ref fields.DayOfYear, number);
            case 'w':
                return TimeFields.TrySet(ref fields.Week, number);
            case 'h':
                return TimeFields.TrySet(ref fields.HalfHourFrom1, number);
            case 'K':
                return TimeFields.TrySet(ref fields.HalfHour, number);
            case 'k':
                return TimeFields.TrySet(ref fields.HourFrom1, number);
            case 'H':
                return TimeFields.TrySet(ref fields.Hour, number);
            case 'm':
                return TimeFields.TrySet(ref fields.Minute, number);
            default:
                return TimeFields.TrySet(ref fields.Second, number);
        }
    }

    private static bool IsYear(int year) => Math.Abs(year) <= CivilTime.MaxYear;

    private static bool TrySetLong(ref long field, long value)
    {
        field = value;
        return true;
    }
}
