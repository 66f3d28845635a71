using System.Globalization;

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
        DateTimeOffset.FromUnixTimeSeconds(seconds).TryFormat(text, out _, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        text[19] = '.';
        rest.TryFormat(text[20..], out _, "D9", CultureInfo.InvariantCulture);
    }
}
