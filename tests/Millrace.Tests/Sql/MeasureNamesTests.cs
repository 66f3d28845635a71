using Millrace.Sql.History;

namespace Millrace.Tests.Sql;

public class MeasureNamesTests
{
    [Theory]
    [InlineData("SELECT measure_value::double FROM t", "SELECT \"measure_value::double\" FROM t")]
    [InlineData("SELECT Measure_Value :: BIGINT", "SELECT \"measure_value::bigint\"")]
    [InlineData("SELECT t.measure_value::varchar", "SELECT t.\"measure_value::varchar\"")]
    [InlineData("avg(measure_value::timestamp)", "avg(\"measure_value::timestamp\")")]
    [InlineData("measure_value::\nboolean", "\"measure_value::boolean\"")]
    [InlineData("measure_value::int", "measure_value::int")]
    [InlineData("measure_value::doubles", "measure_value::doubles")]
    [InlineData("my_measure_value::double", "my_measure_value::double")]
    [InlineData("measure_value", "measure_value")]
    [InlineData("'measure_value::double 15m'", "'measure_value::double 15m'")]
    [InlineData("'it''s measure_value::double'", "'it''s measure_value::double'")]
    [InlineData("\"measure_value::double\"", "\"measure_value::double\"")]
    [InlineData("e'\\' measure_value::double'", "e'\\' measure_value::double'")]
    [InlineData("$$measure_value::double$$", "$$measure_value::double$$")]
    [InlineData("$a$ $$ measure_value::double $a$ 1m", "$a$ $$ measure_value::double $a$ INTERVAL '1 minutes'")]
    [InlineData("-- measure_value::double\n1m", "-- measure_value::double\nINTERVAL '1 minutes'")]
    [InlineData("/* /* 1m */ 1m */ 1m", "/* /* 1m */ 1m */ INTERVAL '1 minutes'")]
    [InlineData("'open 15m", "'open 15m")]
    [InlineData("/* open 15m", "/* open 15m")]
    [InlineData("", "")]
    public void Measure_columns_are_quoted(string sql, string expected) => Assert.Equal(expected, MeasureNames.Rewrite(sql).Text);

    [Theory]
    [InlineData("time - 15m", "time - INTERVAL '15 minutes'")]
    [InlineData("time - 12second", "time - INTERVAL '12 seconds'")]
    [InlineData("1ms + 1us", "INTERVAL '1 milliseconds' + INTERVAL '1 microseconds'")]
    [InlineData("2D", "INTERVAL '2 days'")]
    [InlineData("1e5 1.5 x15m 1.5h 15mm 15nss 1_000", "1e5 1.5 x15m 1.5h 15mm 15nss 1_000")]
    [InlineData("time > ago(2h)", "time > (now() - INTERVAL '2 hours')")]
    [InlineData("AGO ( 15m )", "(now() - INTERVAL '15 minutes')")]
    [InlineData("ago(x)", "ago(x)")]
    [InlineData("s.ago(1m)", "s.ago(INTERVAL '1 minutes')")]
    [InlineData("bin(time, 30s)", "time_bucket(INTERVAL '30 seconds', time, TIMESTAMP '1970-01-01 00:00:00')")]
    [InlineData(
        "bin(bin(f(a, b), 1m), 1h)",
        "time_bucket(INTERVAL '1 hours', time_bucket(INTERVAL '1 minutes', f(a, b), TIMESTAMP '1970-01-01 00:00:00'), TIMESTAMP '1970-01-01 00:00:00')")]
    [InlineData("bin(5)", "bin(5)")]
    [InlineData("bin(a, b, 1m)", "bin(a, b, INTERVAL '1 minutes')")]
    [InlineData("bin(time, 1m", "bin(time, INTERVAL '1 minutes'")]
    [InlineData("5000ns + 15000000nanosecond", "INTERVAL '5 microseconds' + INTERVAL '15000 microseconds'")]
    [InlineData("bin(time, 100ns)", "bin_nanoseconds(time, 100)")]
    [InlineData("bin(bin(time, 7ns), 1ms)", "time_bucket(INTERVAL '1 milliseconds', bin_nanoseconds(time, 7), TIMESTAMP '1970-01-01 00:00:00')")]
    [InlineData("TIMESTAMP '2022-06-17 17:44:43.771000678'", "TIMESTAMP_NS '2022-06-17 17:44:43.771000678'")]
    [InlineData("TIMESTAMP '2022-06-17 17:44:43.771000'", "TIMESTAMP '2022-06-17 17:44:43.771000'")]
    public void Intervals_ago_and_bin_are_the_engines(string sql, string expected) => Assert.Equal(expected, MeasureNames.Rewrite(sql).Text);

    [Theory]
    [InlineData("every(x) FILTER (WHERE y)", "bool_and(x) FILTER (WHERE y)")]
    [InlineData("approx_percentile(x, 0.5) OVER (ORDER BY t)", "approx_quantile(x, 0.5) OVER (ORDER BY t)")]
    [InlineData("approx_distinct(f(a, b)), approx_distinct(a, 0.01)", "approx_count_distinct(f(a, b)), approx_distinct(a, 0.01)")]
    [InlineData("IF(a > 1, 2), if(a, b, c)", "if_then(a > 1, 2), if(a, b, c)")]
    [InlineData("transform(ARRAY[1, 2], x -> x + 1)", "list_transform(ARRAY[1, 2], x -> x + 1)")]
    [InlineData("transform, s.transform(x), \"transform\"(x)", "transform, s.transform(x), \"transform\"(x)")]
    [InlineData("count(*) filter (where x)", "count(*) filter (where x)")]
    public void Functions_get_the_engines_names(string sql, string expected) => Assert.Equal(expected, MeasureNames.Rewrite(sql).Text);

    [Theory]
    [InlineData("SELECT interpolate_linear(create_time_series(time, v), time)", 7, "interpolate_linear")]
    [InlineData("SELECT x, approx_percentile(x, w, 0.5)", 10, "weights")]
    [InlineData("SELECT reduce(s, 0, (s, x) -> s + x, s -> s)", 7, "reduce")]
    [InlineData("SELECT time - 15ns", 14, "microseconds")]
    [InlineData("SELECT ago(1ns)", 11, "microseconds")]
    [InlineData("SELECT FORMAT_DATETIME(time, 'HH')", 7, "date_format")]
    public void What_is_missing_is_refused_with_its_place(string sql, int position, string word)
    {
        var refused = Assert.Throws<HistoryException>(() => MeasureNames.Rewrite(sql));
        Assert.Equal(position, refused.Position);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_lead_back_to_the_users_text()
    {
        const string Sql = "SELECT measure_value :: double, nonsense FROM t WHERE time > ago(1h) AND wrong = bin(tyme, 5m)";
        var rewritten = MeasureNames.Rewrite(Sql);
        foreach (var word in new[] { "SELECT", "nonsense", "wrong", "tyme" })
            Assert.Equal(Sql.IndexOf(word, StringComparison.Ordinal), rewritten.OriginalPosition(rewritten.Text.IndexOf(word, StringComparison.Ordinal)));
        Assert.Equal(Sql.IndexOf("measure_value", StringComparison.Ordinal), rewritten.OriginalPosition(rewritten.Text.IndexOf("::", StringComparison.Ordinal)));
        Assert.Equal(Sql.IndexOf("ago", StringComparison.Ordinal), rewritten.OriginalPosition(rewritten.Text.IndexOf("now", StringComparison.Ordinal)));
        Assert.Equal(Sql.Length, rewritten.OriginalPosition(rewritten.Text.Length));
        Assert.Equal(0, MeasureNames.Rewrite("").OriginalPosition(5));
    }

    [Fact]
    public void Whatever_the_text_every_position_leads_into_it()
    {
        var random = new Random(5);
        string[] words = ["measure_value", "::", ":", "double", " ", "bin(", "ago(", "time", ",", ")", "1m", "15", "'", "\"", "--", "/*", "*/", "$$", "$a$", "\n", "é", ".", "e'", "\\"];
        for (var i = 0; i < 5_000; i++)
        {
            var sql = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => words[random.Next(words.Length)]));
            var rewritten = MeasureNames.Rewrite(sql);
            for (var at = 0; at <= rewritten.Text.Length; at++) Assert.InRange(rewritten.OriginalPosition(at), 0, sql.Length);
        }

        Assert.NotEmpty(MeasureNames.Rewrite(string.Concat(Enumerable.Repeat("bin(", 100_000))).Text);
    }
}
