using System.Buffers.Binary;
using System.Globalization;

namespace Millrace.Sql.Payload;

/// <summary>Times as devices write them, to and from nanoseconds since 1970 UTC (1677-09-21 to 2262-04-11).</summary>
public static class TimeText
{
    /// <summary>The length of <see cref="Write"/>'s text: <c>2018-02-15 08:20:18.000000000</c>.</summary>
    public const int Length = 29;

    private const long NsPerSecond = 1_000_000_000;

    /// <summary>
    /// Reads <c>2018-02-15 08:20:18.000000000</c> and ISO 8601: a space or a T, 0 to 9 decimals, then nothing (UTC), Z, or an offset
    /// (<c>+02:00</c>, <c>+0200</c>, <c>+02</c>).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long ns)
    {
        ns = 0;
        if (text.Length < 19 || !TryDay(text, out var days) || text[10] is not ((byte)' ' or (byte)'T' or (byte)'t')) return false;
        if (text[13] != ':' || text[16] != ':') return false;
        var (hour, minute, second) = (Two(text, 11), Two(text, 14), Two(text, 17));
        if ((uint)hour > 23 || (uint)minute > 59 || (uint)second > 59) return false;
        var at = 19;
        var fraction = 0L;
        if (at < text.Length && text[at] == '.' && !TryFraction(text, ref at, out fraction)) return false;
        if (!TryOffset(text[at..], out var offset)) return false;
        return TryNs((days * 86_400L) + (hour * 3600) + (minute * 60) + second - offset, fraction, out ns);
    }

    /// <summary>Reads a number as JSON writes it, with decimals (<c>1609757175225.499</c>), by decimal arithmetic; cuts below a nanosecond.</summary>
    public static bool TryParseEpoch(ReadOnlySpan<byte> number, TimeUnit unit, out long ns)
    {
        ns = 0;
        var at = number.Length > 0 && number[0] == '-' ? 1 : 0;
        var places = unit switch { TimeUnit.Seconds => 9, TimeUnit.Milliseconds => 6, TimeUnit.Microseconds => 3, _ => 0 };
        var (start, point, taken) = (at, false, 0);
        UInt128 digits = 0;
        for (; at < number.Length; at++)
        {
            var digit = number[at] - '0';
            if ((uint)digit > 9)
            {
                if (number[at] != '.' || point || at == start) return TryEpochWithExponent(number, places, out ns);
                point = true;
                start = at + 1;
                continue;
            }

            if (point && taken == places) continue;
            if (point) taken++;
            digits = (digits * 10) + (uint)digit;
            if (digits > ulong.MaxValue) return false;
        }

        if (at == start) return false;
        for (; taken < places; taken++) digits *= 10;
        return TrySigned(digits, number[0] == '-', out ns);
    }

    /// <summary>Writes <c>yyyy-MM-dd HH:mm:ss.fffffffff</c>, UTC.</summary>
    /// <exception cref="ArgumentException"><paramref name="into"/> is shorter than <see cref="Length"/>.</exception>
    public static void Write(long ns, Span<byte> into)
    {
        if (into.Length < Length) throw new ArgumentException($"{Length} bytes are needed", nameof(into));
        var (seconds, fraction) = Math.DivRem(ns, NsPerSecond);
        if (fraction < 0) (seconds, fraction) = (seconds - 1, fraction + NsPerSecond);
        DateTime.UnixEpoch.AddSeconds(seconds).TryFormat(into, out _, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        into[19] = (byte)'.';
        fraction.TryFormat(into[20..], out _, "D9", CultureInfo.InvariantCulture);
    }

    private static bool TryDay(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        if (text[4] != '-' || text[7] != '-') return false;
        var (century, rest, month, day) = (Two(text, 0), Two(text, 2), Two(text, 5), Two(text, 8));
        if ((century | rest | month | day) < 0) return false;
        var year = (century * 100) + rest;
        if (year == 0 || month is < 1 or > 12 || day < 1 || (day > 28 && day > DateTime.DaysInMonth(year, month))) return false;
        // Years from March on, so that the day that is there only sometimes is the last of them.
        var shifted = month > 2 ? year : year - 1;
        var fromMarch = (month + 9) % 12;
        var ofYear = (((153 * fromMarch) + 2) / 5) + day - 1;
        days = (shifted * 365) + (shifted / 4) - (shifted / 100) + (shifted / 400) + ofYear - 719_468;
        return true;
    }

    /// <summary>Two digits, or something negative.</summary>
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        var tens = text[at] - '0';
        var ones = text[at + 1] - '0';
        return (uint)tens <= 9 && (uint)ones <= 9 ? (tens * 10) + ones : -1;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, ref int at, out long fraction)
    {
        at++;
        if (text.Length - at >= 9 && TryEight(text[at..], out fraction) && (uint)(text[at + 8] - '0') <= 9)
        {
            fraction = (fraction * 10) + (text[at + 8] - '0');
            at += 9;
            return at == text.Length || (uint)(text[at] - '0') > 9;
        }

        fraction = 0;
        var places = 0;
        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++, places++)
        {
            if (places == 9) return false;
            fraction = (fraction * 10) + (text[at] - '0');
        }

        for (var i = places; i < 9; i++) fraction *= 10;
        return places > 0;
    }

    /// <summary>Eight digits at once: pairs, then fours, then all.</summary>
    private static bool TryEight(ReadOnlySpan<byte> text, out long value)
    {
        var word = BinaryPrimitives.ReadUInt64LittleEndian(text);
        var digits = word - 0x3030303030303030;
        value = 0;
        if (((digits + 0x7676767676767676) & 0x8080808080808080) != 0 || (word & 0xF0F0F0F0F0F0F0F0) != 0x3030303030303030)
            return false;
        digits = (digits * 10) + (digits >> 8);
        var fours = (digits & 0x000000FF000000FF) * 0x000F424000000064;
        var others = ((digits >> 16) & 0x000000FF000000FF) * 0x0000271000000001;
        value = (long)((fours + others) >> 32);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.Length == 0 || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z')) return true;
        if (text.Length is not (3 or 5 or 6) || text[0] is not ((byte)'+' or (byte)'-')) return false;
        if (text.Length == 6 && text[3] != ':') return false;
        var hours = Two(text, 1);
        var minutes = text.Length == 3 ? 0 : Two(text, text.Length - 2);
        if (hours is < 0 or > 18 || minutes is < 0 or > 59) return false;
        seconds = ((hours * 60) + minutes) * (text[0] == '-' ? -60 : 60);
        return true;
    }

    private static bool TryEpochWithExponent(ReadOnlySpan<byte> number, int places, out long ns)
    {
        ns = 0;
        if (!Values.Number.TryParse(number, out var value)) return false;
        if (!Values.Number.TryOf(value.Coefficient, (long)value.Exponent + places, out value)) return false;
        if (value.Exponent > 18) return value.IsZero;
        if (value.Exponent < -38) return true;
        var whole = value.IsWhole
            ? value.Coefficient * Values.NumberDigits.Power(value.Exponent)
            : value.Coefficient / Values.NumberDigits.Power(-value.Exponent);
        ns = (long)whole;
        return ns == whole && Values.NumberDigits.Count(value.Coefficient) + value.Exponent <= 19;
    }

    private static bool TrySigned(UInt128 absolute, bool negative, out long ns)
    {
        ns = 0;
        if (absolute > (UInt128)long.MaxValue) return false;
        ns = negative ? -(long)absolute : (long)absolute;
        return true;
    }

    private static bool TryNs(long seconds, long fraction, out long ns)
    {
        var whole = ((Int128)seconds * NsPerSecond) + fraction;
        ns = (long)whole;
        return ns == whole;
    }
}
