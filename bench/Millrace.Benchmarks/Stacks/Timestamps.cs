using System.Globalization;

namespace Millrace.Benchmarks.Stacks;

/// <summary>Times as <c>2018-02-15 08:20:18.000000000</c>; read with <c>T</c> and <c>Z</c> or without, any number of digits.</summary>
internal static class Timestamps
{
    private const int MostDigits = 7; // DateTimeOffset counts in 100 ns

    /// <param name="ns">Nanoseconds since 1970, UTC; what is less than 100 of them is left out.</param>
    public static string Write(long ns) =>
        DateTimeOffset.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture);

    /// <returns>Nanoseconds since 1970, UTC.</returns>
    public static long ParseNs(string text)
    {
        var plain = text.TrimEnd('Z');
        var dot = plain.IndexOf('.', StringComparison.Ordinal);
        if (dot >= 0 && plain.Length - dot - 1 > MostDigits) plain = plain[..(dot + 1 + MostDigits)];
        var time = DateTimeOffset.Parse(plain, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
    }
}
