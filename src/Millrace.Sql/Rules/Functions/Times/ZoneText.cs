namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>Zones and offsets in a text, by the letters that java.time has for them.</summary>
internal static class ZoneText
{
    /// <summary><c>VV</c>: a zone by its name or offset. <c>z</c>: also by a short name such as PST.</summary>
    public static bool TryZone(ReadOnlySpan<char> text, ref int at, ref TimeFields fields, bool isText)
    {
        var length = 0;
        while (at + length < text.Length && (char.IsAsciiLetterOrDigit(text[at + length]) || text[at + length] is '/' or '_' or '+' or '-' or ':')) length++;
        var zone = isText ? Zones.FindText(text.Slice(at, length)) : Zones.Find(text.Slice(at, length));
        if (zone is null || (fields.Zone is not null && fields.Zone != zone)) return false;
        fields.Zone = zone;
        at += length;
        return true;
    }

    /// <summary><c>X</c>, <c>x</c>, <c>Z</c> and <c>O</c>.</summary>
    /// <param name="count">How many of the letter: which units there are, and whether with colons.</param>
    public static bool TryOffset(ReadOnlySpan<char> text, ref int at, char letter, int count, out int seconds)
    {
        seconds = 0;
        if (letter == 'O' || (letter == 'Z' && count == 4)) return TryLocalized(text, ref at, out seconds);
        if (at < text.Length && text[at] == 'Z' && (letter == 'X' || (letter == 'Z' && count == 5)))
        {
            at++;
            return true;
        }

        // As X, Z is two letters (+HHMM) unless it is five.
        if (letter == 'Z' && count < 4) count = 2;
        return TryNumbers(text, ref at, colons: count is 3 or 5, minutesMayMiss: count == 1, seconds: count > 3, shortHour: false, out seconds);
    }

    /// <summary><c>GMT+8</c>, <c>GMT+08:30</c>, <c>GMT</c>.</summary>
    private static bool TryLocalized(ReadOnlySpan<char> text, ref int at, out int seconds)
    {
        seconds = 0;
        if (!text[at..].StartsWith("GMT", StringComparison.Ordinal)) return false;
        at += 3;
        return at == text.Length || text[at] is not ('+' or '-')
            || TryNumbers(text, ref at, colons: true, minutesMayMiss: true, seconds: true, shortHour: true, out seconds);
    }

    private static bool TryNumbers(ReadOnlySpan<char> text, ref int at, bool colons, bool minutesMayMiss, bool seconds, bool shortHour, out int offset)
    {
        offset = 0;
        if (at == text.Length || text[at] is not ('+' or '-')) return false;
        var sign = text[at++] == '-' ? -1 : 1;
        if (!TryTwo(text, ref at, colon: false, out var hours))
        {
            if (!shortHour || at == text.Length || !char.IsAsciiDigit(text[at])) return false;
            hours = text[at++] - '0';
        }

        var hasMinutes = TryTwo(text, ref at, colons, out var minutes);
        if (!hasMinutes && !minutesMayMiss) return false;
        var second = 0;
        if (hasMinutes && seconds) TryTwo(text, ref at, colons, out second);
        offset = sign * ((hours * 3600) + (minutes * 60) + second);
        return minutes < 60 && second < 60 && Math.Abs(offset) <= 18 * 3600;
    }

    private static bool TryTwo(ReadOnlySpan<char> text, ref int at, bool colon, out int value)
    {
        value = 0;
        var rest = text[at..];
        if (colon && (rest.Length == 0 || rest[0] != ':')) return false;
        if (colon) rest = rest[1..];
        if (rest.Length < 2 || !char.IsAsciiDigit(rest[0]) || !char.IsAsciiDigit(rest[1])) return false;
        value = ((rest[0] - '0') * 10) + rest[1] - '0';
        at += colon ? 3 : 2;
        return true;
    }
}
