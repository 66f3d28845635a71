namespace Millrace.Sql.History;

/// <summary>Timestream's interval literals: digits and a unit, <c>15m</c>.</summary>
internal static class Intervals
{
    // Nanoseconds are missing because the engine's intervals hold microseconds: it refuses the literal where we leave it.
    private static readonly Dictionary<string, string> Units = new(StringComparer.OrdinalIgnoreCase)
    {
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

    /// <summary>The same in the engine's words: <c>INTERVAL '15 minutes'</c>.</summary>
    public static string ToEngine(ReadOnlySpan<char> literal)
    {
        var digits = literal.IndexOfAnyExceptInRange('0', '9');
        return $"INTERVAL '{literal[..digits]} {Units.GetAlternateLookup<ReadOnlySpan<char>>()[literal[digits..]]}'";
    }
}
