using System.Globalization;

namespace Millrace.Storage.Series;

/// <summary>Functions that queries find before DuckDB's own of the same name.</summary>
internal static class QueryMacros
{
    /// <summary>Characters, or elements of a list, that one value made out of nothing may have. DuckDB's memory limit does not see single values.</summary>
    internal const int MaxMade = 100_000;

    /// <summary>All of them, as statements.</summary>
    public static IEnumerable<string> All =>
    [
        // DuckDB's have a time zone, and do not compare with time columns, which have nanoseconds and none.
        Macro("now", "", "system.main.now()::TIMESTAMP"),
        Macro("get_current_timestamp", "", "system.main.now()::TIMESTAMP"),
        Macro("ago", "i", "system.main.now()::TIMESTAMP - i::INTERVAL"),
        .. TimeMacros.All,
        .. TrinoMacros.All,
        .. GeoMacros.All,

        Limited("repeat", "s, n", "system.main.repeat(s, n)", "n::HUGEINT * greatest(len(s), 1)"),
        Limited("lpad", "s, n, c", "system.main.lpad(s, n, c)", "n"),
        Limited("rpad", "s, n, c", "system.main.rpad(s, n, c)", "n"),
        Limited("bitstring", "s, n", "system.main.bitstring(s, n)", "n"),
        Limited("replace", "s, f, t", "system.main.replace(s, f, t)", "len(s)::HUGEINT * len(t) / 100"),
        List("range", "range"),
        List("generate_series", "generate_series"),
        List("sequence", "generate_series"),
        Pattern,
        Resize("list_resize"),
        Resize("array_resize"),
    ];

    // Numbers or times: so the steps cannot be counted by a division. A sum that overflows is null, and stands for very few steps.
    private static string List(string name, string engine) =>
        $"""
        CREATE MACRO {name}
            (b) AS CASE WHEN b > {Max} THEN {Error(name)} ELSE system.main.{engine}(b) END,
            (a, b) AS CASE WHEN TRY(a + {Max} < b) THEN {Error(name)} ELSE system.main.{engine}(a, b) END,
            (a, b, c) AS CASE
                WHEN TRY(a < b AND a + c > a AND a + c * {Max} < b) OR TRY(a > b AND a + c < a AND a + c * {Max} > b) THEN {Error(name)}
                ELSE system.main.{engine}(a, b, c) END
        """;

    // Trino's: all that is found is replaced, and $1 is a group. What it makes is at most each character replaced.
    private static string Pattern =>
        $"""
        CREATE MACRO regexp_replace_all
            (s, p) AS system.main.regexp_replace(s, p, '', 'g'),
            (s, p, r) AS CASE WHEN len(s)::HUGEINT * len(r) > {Max} * 100 THEN {Error("regexp_replace")}
                ELSE system.main.regexp_replace(s, p, system.main.regexp_replace(r, '\$(\d)', '\\\1', 'g'), 'g') END
        """;

    private static string Resize(string name) =>
        $"""
        CREATE MACRO {name}
            (l, n) AS CASE WHEN n > {Max} THEN {Error(name)} ELSE system.main.{name}(l, n) END,
            (l, n, v) AS CASE WHEN n > {Max} THEN {Error(name)} ELSE system.main.{name}(l, n, v) END
        """;

    private static string Max => MaxMade.ToString(CultureInfo.InvariantCulture);

    private static string Error(string name) => $"error('{name}: one value may not become longer than {Max}')";

    internal static string Macro(string name, string parameters, string body) => $"CREATE MACRO {name}({parameters}) AS {body}";

    private static string Limited(string name, string parameters, string body, string length) =>
        Macro(name, parameters, $"CASE WHEN {length} > {Max} THEN {Error(name)} ELSE {body} END");
}
