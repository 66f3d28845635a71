namespace Millrace.Sql.History;

/// <summary>Functions of Timestream that the engine has under another name, and those that it has not.</summary>
/// <remarks>
/// Names are changed, and no macro is made, so that FILTER, DISTINCT and OVER work behind them. All other functions of Timestream are the engine's own or the store's macros.
/// </remarks>
internal static class FunctionNames
{
    private const string TimeSeries = "time-series functions are not there yet: join with generate_series and take last_value(… IGNORE NULLS) or lag over a window";
    private const string Joda = "patterns of Joda-Time are not there: use date_format and date_parse, whose patterns are MySQL's";

    private static readonly Dictionary<string, string> Renamed = new(StringComparer.OrdinalIgnoreCase)
    {
        ["every"] = "bool_and",
        ["bitwise_and_agg"] = "bit_and",
        ["bitwise_or_agg"] = "bit_or",
        ["transform"] = "list_transform",
        ["array_intersect"] = "list_intersect",
        ["array_max"] = "list_max",
        ["array_min"] = "list_min",
        ["arrays_overlap"] = "list_has_any",
        ["zip"] = "list_zip",
        ["levenshtein_distance"] = "levenshtein",
        ["hamming_distance"] = "hamming",
        ["codepoint"] = "unicode",
        ["regexp_split"] = "string_split_regex",
        ["json_extract_scalar"] = "json_extract_string",
        ["is_nan"] = "isnan",
        ["is_finite"] = "isfinite",
        ["is_infinite"] = "isinf",
        ["rand"] = "random",
        ["truncate"] = "trunc",
        ["day_of_month"] = "day",
        ["day_of_week"] = "isodow",
        ["dow"] = "isodow",
        ["day_of_year"] = "dayofyear",
        ["doy"] = "dayofyear",
        ["week_of_year"] = "week",
        ["year_of_week"] = "isoyear",
        ["yow"] = "isoyear",
        ["last_day_of_month"] = "last_day",
    };

    private static readonly Dictionary<string, string> Missing = new(StringComparer.OrdinalIgnoreCase)
    {
        ["create_time_series"] = TimeSeries,
        ["interpolate_linear"] = TimeSeries,
        ["interpolate_spline_cubic"] = TimeSeries,
        ["interpolate_locf"] = TimeSeries,
        ["interpolate_fill"] = TimeSeries,
        ["derivative_linear"] = TimeSeries,
        ["non_negative_derivative_linear"] = TimeSeries,
        ["integral_trapezoidal"] = TimeSeries,
        ["correlate_pearson"] = "time-series functions are not there yet: corr(x, y) is over the two columns of a join",
        ["correlate_spearman"] = "time-series functions are not there yet: corr(x, y) is over the two columns of a join, and rank() gives ranks",
        ["format_datetime"] = Joda,
        ["parse_datetime"] = Joda,
        ["checksum"] = "it is not there: bit_xor(hash(x)) tells whether two sets of values are the same",
        ["zip_with"] = "it is not there: list_transform(list_zip(a, b), p -> p[1] + p[2])",
        ["shuffle"] = "it is not there",
        ["map_agg"] = "maps are not part of Timestream's types; histogram(x) counts values",
        ["numeric_histogram"] = "it is not there: group by a bucket of the value",
        ["width_bucket"] = "it is not there: floor((x - low) / width)",
    };

    /// <summary>The engine's name of a call; null where it is the same.</summary>
    public static string? Engine(string name, int arguments) => (name.ToLowerInvariant(), arguments) switch
    {
        ("approx_percentile", 2) => "approx_quantile",
        ("approx_distinct", 1) => "approx_count_distinct",
        ("regexp_replace", 2 or 3) => "regexp_replace_all",
        ("if", 2) => "if_then",
        _ => Renamed.GetValueOrDefault(name),
    };

    /// <summary>Why a call cannot be, and what to write in its place; null where nothing is known against it.</summary>
    public static string? WhyNot(string name, int arguments) => (name.ToLowerInvariant(), arguments) switch
    {
        ("approx_percentile", > 2) => "weights are not there: approx_percentile(x, p), p from 0 to 1 or an array of such",
        ("reduce", 4) => "it is called otherwise here: reduce(list, (s, x) -> …, first)",
        _ => Missing.GetValueOrDefault(name),
    };
}
