namespace Millrace.Storage.Series;

/// <summary>Nanoseconds since 1970 as Timestream prints them: <c>2022-06-17 10:15:20.000000000</c>.</summary>
internal static class TimeText
{
    public const int Length = 29;

    private const long NsPerSecond = 1_000_000_000;

    public static string Of(long ns)
    {
        Span<char> text = stackalloc char[Length];
        Write(ns, text);
        return new string(text);
    }

    /// <param name="ns">The time.</param>
    /// <param name="text">Receives <see cref="Length"/> characters.</param>
    public static void Write(long ns, Span<char> text)
    {
        var seconds = Math.DivRem(ns, NsPerSecond, out var rest);
        if (rest < 0) (seconds, rest) = (seconds - 1, rest + NsPerSecond);
        var time = DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond);
        "0000-00-00 00:00:00.".CopyTo(text);
        Digits(time.Year, text[..4]);
        Digits(time.Month, text[5..7]);
        Digits(time.Day, text[8..10]);
        Digits(time.Hour, text[11..13]);
        Digits(time.Minute, text[14..16]);
        Digits(time.Second, text[17..19]);
        Digits((int)rest, text[20..Length]);
    }

    private static void Digits(int number, Span<char> text)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            (number, var digit) = Math.DivRem(number, 10);
            text[i] = (char)('0' + digit);
        }
    }
}
