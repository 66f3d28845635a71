using System.Numerics;

namespace Millrace.Storage.Series;

/// <summary>Nanoseconds since 1970 as Timestream prints them: <c>2022-06-17 10:15:20.000000000</c>.</summary>
internal static class TimeText
{
    public const int Length = 29;

    private const long NsPerSecond = 1_000_000_000;
    private const long SecondsPerDay = 86_400;

    private static readonly int UnixDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static string Of(long ns)
    {
        Span<char> text = stackalloc char[Length];
        Write(ns, text);
        return new string(text);
    }

    /// <typeparam name="T">A character, or a byte of ASCII.</typeparam>
    /// <param name="ns">The time.</param>
    /// <param name="text">Receives <see cref="Length"/> of them.</param>
    public static void Write<T>(long ns, Span<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        var seconds = Math.DivRem(ns, NsPerSecond, out var rest);
        if (rest < 0) (seconds, rest) = (seconds - 1, rest + NsPerSecond);
        var days = Math.DivRem(seconds, SecondsPerDay, out var second);
        if (second < 0) (days, second) = (days - 1, second + SecondsPerDay);
        var (year, month, day) = DateOnly.FromDayNumber(UnixDay + (int)days);
        Digits(year, text[..4]);
        text[4] = text[7] = T.CreateTruncating('-');
        Digits(month, text[5..7]);
        Digits(day, text[8..10]);
        text[10] = T.CreateTruncating(' ');
        Digits((int)second / 3600, text[11..13]);
        text[13] = text[16] = T.CreateTruncating(':');
        Digits((int)second / 60 % 60, text[14..16]);
        Digits((int)second % 60, text[17..19]);
        text[19] = T.CreateTruncating('.');
        Digits((int)rest, text[20..Length]);
    }

    private static void Digits<T>(int number, Span<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            (number, var digit) = Math.DivRem(number, 10);
            text[i] = T.CreateTruncating('0' + digit);
        }
    }
}
