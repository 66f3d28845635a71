using System.Globalization;
using System.Numerics;

namespace Millrace.Sql.History;

/// <summary>Timestream's interval literals: digits and a unit, <c>15m</c>.</summary>
internal static class Intervals
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ns"] = "nanoseconds",
        ["nanosecond"] = "nanoseconds",
        ["us"] = "microseconds",
        ["microsecond"] = "microseconds",
        ["ms"] = "milliseconds",
        ["millisecond"] = "milliseconds",
        ["s"] = "seconds",
        ["second"] = "seconds",
        ["m"] = "minutes",
        ["minute"] = "minutes",
        ["h"] = "hours",
        ["hour"] = "hours",
        ["d"] = "days",
        ["day"] = "days",
    };

    public static bool IsUnit(ReadOnlySpan<char> text) => Units.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(text);

    /// <summary>The same in the engine's words: <c>INTERVAL '15 minutes'</c>. Null where it is no whole number of microseconds, which is what the engine counts in.</summary>
    public static string? ToEngine(ReadOnlySpan<char> literal)
    {
        if (Nanoseconds(literal) is not { } ns)
        {
            var digits = Digits(literal);
            return $"INTERVAL '{literal[..digits]} {Unit(literal)}'";
        }

        return ns % 1000 == 0 ? $"INTERVAL '{(ns / 1000).ToString(CultureInfo.InvariantCulture)} microseconds'" : null;
    }

    /// <summary>How many, where the unit is nanoseconds; null for every other unit.</summary>
    public static BigInteger? Nanoseconds(ReadOnlySpan<char> literal) => Unit(literal) == "nanoseconds"
        ? BigInteger.Parse(literal[..Digits(literal)], NumberStyles.None, CultureInfo.InvariantCulture)
        : null;

    private static int Digits(ReadOnlySpan<char> literal) => literal.IndexOfAnyExceptInRange('0', '9');

    private static string Unit(ReadOnlySpan<char> literal) => Units.GetAlternateLookup<ReadOnlySpan<char>>()[literal[Digits(literal)..]];
}
