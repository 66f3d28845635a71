namespace Millrace.Storage.Series;

/// <summary>Functions over values, texts and arrays that Timestream has from Trino, and DuckDB has not, or has with another meaning.</summary>
internal static class TrinoMacros
{
    public static IEnumerable<string> All =>
    [
        QueryMacros.Macro("if_then", "c, a", "CASE WHEN c THEN a END"),
        QueryMacros.Macro("approx_distinct", "x, e", "approx_count_distinct(x)"),
        QueryMacros.Macro("typeof", "x", "CASE system.main.typeof(x) WHEN 'TIMESTAMP_NS' THEN 'timestamp' ELSE lower(system.main.typeof(x)) END"),

        QueryMacros.Macro("regexp_like", "s, p", "regexp_matches(s, p)"),
        QueryMacros.Macro("regexp_count", "s, p", "len(regexp_extract_all(s, p))"),

        QueryMacros.Macro("cardinality", "l", "len(l)"),
        QueryMacros.Macro("element_at", "l, i", "l[i]"),
        QueryMacros.Macro("slice", "l, first, n", "l[first:(first + n - 1)]"),
        "CREATE MACRO array_join(l, d) AS array_to_string(l, d), (l, d, n) AS array_to_string(list_transform(l, lambda x: coalesce(x::VARCHAR, n)), d)",
        QueryMacros.Macro("array_union", "a, b", "list_distinct(list_concat(a, b))"),
        QueryMacros.Macro("array_except", "a, b", "list_distinct(list_filter(a, lambda x: NOT list_contains(b, x)))"),
        QueryMacros.Macro("array_remove", "l, v", "list_filter(l, lambda x: x <> v)"),

        QueryMacros.Macro("bitwise_and", "a, b", "a & b"),
        QueryMacros.Macro("bitwise_or", "a, b", "a | b"),
        QueryMacros.Macro("bitwise_xor", "a, b", "xor(a, b)"),
        QueryMacros.Macro("bitwise_not", "a", "~a"),
        QueryMacros.Macro("nan", "", "'NaN'::DOUBLE"),
        QueryMacros.Macro("infinity", "", "'Infinity'::DOUBLE"),
        QueryMacros.Macro("e", "", "exp(1)"),
    ];
}
