using System.Text;

namespace Millrace.Sql.History;

/// <summary>The patterns of date_format and date_parse, which are MySQL's, in the engine's letters.</summary>
internal static class DatePatterns
{
    /// <summary>The engine's function; null where the name is neither.</summary>
    public static string? Engine(string name) => name.ToLowerInvariant() switch
    {
        "date_format" => "strftime",
        "date_parse" => "strptime",
        _ => null,
    };

    public static string ToEngine(string pattern)
    {
        var made = new StringBuilder(pattern.Length + 16);
        for (var i = 0; i < pattern.Length; i++)
        {
            made.Append(pattern[i] == '%' && i + 1 < pattern.Length ? Letter(pattern[++i]) : pattern[i].ToString());
        }

        return made.ToString();
    }

    private static string Letter(char letter) => letter switch
    {
        'c' => "%-m",
        'e' => "%-d",
        'h' => "%I",
        'i' => "%M",
        'k' => "%-H",
        'l' => "%-I",
        'M' => "%B",
        'r' => "%I:%M:%S %p",
        's' => "%S",
        'T' => "%H:%M:%S",
        'W' => "%A",
        _ => $"%{letter}",
    };
}
