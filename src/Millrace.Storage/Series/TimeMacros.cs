namespace Millrace.Storage.Series;

/// <summary>Timestream's functions of time that DuckDB has not, or has with another meaning. Times are UTC; those with more than microseconds keep their nanoseconds.</summary>
internal static class TimeMacros
{
    public static IEnumerable<string> All =>
    [
        QueryMacros.Macro("bin_nanoseconds", "t, n", "make_timestamp_ns(epoch_ns(t) - ((epoch_ns(t) % n) + n) % n)"),
        "CREATE MACRO bin(x) AS system.main.bin(x), (t, i) AS time_bucket(i, t, TIMESTAMP '1970-01-01 00:00:00')",

        QueryMacros.Macro("from_milliseconds", "n", "make_timestamp_ns(n::BIGINT * 1000000)"),
        QueryMacros.Macro("from_nanoseconds", "n", "make_timestamp_ns(n::BIGINT)"),
        QueryMacros.Macro("from_unixtime", "s", "make_timestamp((s * 1000000)::BIGINT)::TIMESTAMP_NS"),
        QueryMacros.Macro("to_milliseconds", "t", "epoch_ms(t)"),
        QueryMacros.Macro("to_nanoseconds", "t", "epoch_ns(t)"),
        QueryMacros.Macro("to_unixtime", "t", "epoch(t)"),
        QueryMacros.Macro("from_iso8601_timestamp", "s", "s::TIMESTAMP_NS"),
        QueryMacros.Macro("from_iso8601_date", "s", "s::DATE"),
        QueryMacros.Macro("to_iso8601", "t", "CASE WHEN system.main.typeof(t) = 'DATE' THEN strftime(t, '%Y-%m-%d') ELSE strftime(t, '%Y-%m-%dT%H:%M:%S.%n') || 'Z' END"),
        QueryMacros.Macro("current_timezone", "", "'UTC'"),
        QueryMacros.Macro("date", "x", "x::DATE"),

        // Whole units that have passed, and not, as DuckDB's of this name, how many boundaries lie between.
        QueryMacros.Macro("date_diff", "u, a, b", "CASE WHEN lower(u) = 'nanosecond' THEN epoch_ns(b) - epoch_ns(a) ELSE date_sub(u, a, b) END"),
        $"CREATE MACRO date_add(d, i) AS system.main.date_add(d, i), (u, n, t) AS {Add}",

        QueryMacros.Macro("parse_duration", "s", Duration),
        QueryMacros.Macro("human_readable_seconds", "x", Readable),

        QueryMacros.Macro("millisecond", "t", "system.main.millisecond(t) % 1000"),
    ];

    // Microseconds are what an interval counts in.
    private static string Duration
    {
        get
        {
            const string pattern = @"'^\s*(\d+(?:\.\d+)?)\s*(ns|us|ms|s|m|h|d)\s*$'";
            return $"""
                CASE WHEN regexp_matches(s, {pattern}) THEN to_microseconds((regexp_extract(s, {pattern}, 1)::DECIMAL(24, 6) * CASE regexp_extract(s, {pattern}, 2)
                    WHEN 'us' THEN 1 WHEN 'ms' THEN 1000 WHEN 's' THEN 1000000 WHEN 'm' THEN 60000000 WHEN 'h' THEN 3600000000 WHEN 'd' THEN 86400000000 ELSE 0.001 END)::BIGINT)
                WHEN s IS NOT NULL THEN error('parse_duration: a number and ns, us, ms, s, m, h or d, as 42.8ms, and not ' || s) END
                """;
        }
    }

    // 1 minute, 36 seconds: without the units of which there are none.
    private static string Readable =>
        """
        CASE WHEN abs(round(x)) < 1 THEN '0 seconds' ELSE array_to_string(list_transform(list_filter([
            (abs(round(x))::BIGINT // 604800, 'week'), (abs(round(x))::BIGINT % 604800 // 86400, 'day'), (abs(round(x))::BIGINT % 86400 // 3600, 'hour'),
            (abs(round(x))::BIGINT % 3600 // 60, 'minute'), (abs(round(x))::BIGINT % 60, 'second')],
            lambda p: p[1] > 0), lambda p: p[1] || ' ' || p[2] || CASE WHEN p[1] = 1 THEN '' ELSE 's' END), ', ') END
        """;

    // Units of a day and less are exact; a month is as long as it is.
    private static string Add =>
        """
        CASE lower(u)
            WHEN 'nanosecond' THEN make_timestamp_ns(epoch_ns(t) + n::BIGINT)
            WHEN 'microsecond' THEN make_timestamp_ns(epoch_ns(t) + n::BIGINT * 1000)
            WHEN 'millisecond' THEN make_timestamp_ns(epoch_ns(t) + n::BIGINT * 1000000)
            WHEN 'second' THEN make_timestamp_ns(epoch_ns(t) + n::BIGINT * 1000000000)
            WHEN 'minute' THEN make_timestamp_ns(epoch_ns(t) + n::BIGINT * 60000000000)
            WHEN 'hour' THEN make_timestamp_ns(epoch_ns(t) + n::BIGINT * 3600000000000)
            WHEN 'day' THEN make_timestamp_ns(epoch_ns(t) + n::BIGINT * 86400000000000)
            WHEN 'week' THEN make_timestamp_ns(epoch_ns(t) + n::BIGINT * 604800000000000)
            WHEN 'month' THEN make_timestamp_ns(epoch_ns(t::TIMESTAMP + to_months(n::INTEGER)) + epoch_ns(t) % 1000)
            WHEN 'quarter' THEN make_timestamp_ns(epoch_ns(t::TIMESTAMP + to_months(n::INTEGER * 3)) + epoch_ns(t) % 1000)
            WHEN 'year' THEN make_timestamp_ns(epoch_ns(t::TIMESTAMP + to_months(n::INTEGER * 12)) + epoch_ns(t) % 1000)
            ELSE error('date_add: the unit is nanosecond, microsecond, millisecond, second, minute, hour, day, week, month, quarter or year, and not ' || u)
        END
        """;
}
