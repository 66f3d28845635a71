using System.Globalization;

namespace Millrace.Server.Pipeline.Yaml;

/// <summary>Spans of time as people write them: <c>500ms</c>, <c>2s</c>, <c>15m</c>, <c>12h</c>, <c>30d</c>.</summary>
internal static class Durations
{
    public const string Rule = "must be a time such as 500ms, 2s, 15m, 12h or 30d";

    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ];

    /// <summary>At most two hundred years: Timestream's magnetic retention where nobody says another.</summary>
    private const decimal Longest = 73_000m * TimeSpan.TicksPerDay;

    /// <summary>In the largest unit that it is a whole number of.</summary>
    public static string TextOf(TimeSpan span)
    {
        var (suffix, ticks) = Units.Last(unit => span.Ticks % unit.Ticks == 0 || unit.Suffix == "ms");
        return string.Create(CultureInfo.InvariantCulture, $"{span.Ticks / ticks}{suffix}");
    }

    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        foreach (var (suffix, ticks) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal)) continue;
            var number = text.AsSpan(..^suffix.Length).TrimEnd();
            if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) continue;
            if (count > Longest / ticks) return false;
            span = new TimeSpan((long)(count * ticks));
            return true;
        }

        return false;
    }
}
