using System.Text.Json;
using Millrace.Sql.History;
using Millrace.Tests.Storage.Series;

namespace Millrace.Tests.Server.Queries;

/// <summary>Timestream's SQL, from the text a person writes to the value they see.</summary>
public sealed class DialectTests : IDisposable
{
    private readonly SeriesRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_vectors_of_Timestream_hold()
    {
        using var lines = new StreamReader(typeof(DialectTests).Assembly.GetManifestResourceStream("timestream-functions.jsonl")!);
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            using var vector = JsonDocument.Parse(line);
            var sql = vector.RootElement.GetProperty("sql").GetString()!;
            Assert.Equal((sql, vector.RootElement.GetProperty("out").GetString()), (sql, await ValueAsync(sql)));
        }
    }

    [Theory]
    [InlineData("7/2", "3")]
    [InlineData("-7/2", "-3")]
    [InlineData("7/2.0", "3.5")]
    [InlineData("CAST(7 AS double)/2", "3.5")]
    [InlineData("sum(7)/2", "3")]
    [InlineData("bin(TIMESTAMP '2022-06-17 10:15:20.000000678', 100ns)", "2022-06-17 10:15:20.000000600")]
    [InlineData("bin(TIMESTAMP '1969-12-31 23:59:59.999999999', 100ns)", "1969-12-31 23:59:59.999999900")]
    [InlineData("bin(TIMESTAMP '2022-06-17 10:15:20', INTERVAL '1' HOUR)", "2022-06-17 10:00:00.000000000")]
    [InlineData("TIMESTAMP '2022-06-17 10:15:20' - INTERVAL '1' DAY", "2022-06-16 10:15:20.000000000")]
    [InlineData("from_nanoseconds(1655487883771000678)", "2022-06-17 17:44:43.771000678")]
    [InlineData("from_unixtime(1655487883.5)", "2022-06-17 17:44:43.500000000")]
    [InlineData("to_unixtime(TIMESTAMP '2022-06-17 17:44:43.5')", "1655487883.5")]
    [InlineData("to_milliseconds(15m)", "900000")]
    [InlineData("from_iso8601_timestamp('2022-06-17T10:00:00.123456789+02:00')", "2022-06-17 08:00:00.123456789")]
    [InlineData("from_iso8601_date('2022-06-17')", "2022-06-17")]
    [InlineData("to_iso8601(TIMESTAMP '2022-06-17 10:00:00')", "2022-06-17T10:00:00.000000000Z")]
    [InlineData("to_iso8601(DATE '2022-06-17')", "2022-06-17")]
    [InlineData("date_add('nanosecond', 5, TIMESTAMP '2022-06-17 10:00:00.000000678')", "2022-06-17 10:00:00.000000683")]
    [InlineData("date_add('month', 1, TIMESTAMP '2022-01-31 10:00:00.000000678')", "2022-02-28 10:00:00.000000678")]
    [InlineData("date_add('hour', -3, TIMESTAMP '2022-01-01 01:00:00')", "2021-12-31 22:00:00.000000000")]
    [InlineData("date_diff('day', TIMESTAMP '2022-01-01 23:00:00', TIMESTAMP '2022-01-02 22:00:00')", "0")]
    [InlineData("date_diff('nanosecond', TIMESTAMP '2022-01-01 00:00:00.000000001', TIMESTAMP '2022-01-01 00:00:00.000000005')", "4")]
    [InlineData("date_format(TIMESTAMP '2022-01-05 13:07:09', '%Y-%m-%d %H:%i:%s %W %M')", "2022-01-05 13:07:09 Wednesday January")]
    [InlineData("date_parse('2022-01-05 13:07', '%Y-%m-%d %H:%i')", "2022-01-05 13:07:00.000000000")]
    [InlineData("millisecond(TIMESTAMP '2022-01-05 13:07:09.123')", "123")]
    [InlineData("parse_duration('42.8ms') = INTERVAL '42800 microseconds'", "True")]
    [InlineData("bin(TIMESTAMP '2022-06-17 10:15:20', parse_duration('5m'))", "2022-06-17 10:15:00.000000000")]
    [InlineData("human_readable_seconds(56363463)", "93 weeks, 1 day, 8 hours, 31 minutes, 3 seconds")]
    [InlineData("human_readable_seconds(0.2)", "0 seconds")]
    [InlineData("day_of_week(DATE '2022-06-19')", "7")]
    [InlineData("day_of_year(DATE '2022-02-01')", "32")]
    [InlineData("date(TIMESTAMP '2022-06-17 10:00:00')", "2022-06-17")]
    [InlineData("now() - current_timestamp < 1s", "True")]
    [InlineData("current_timestamp > TIMESTAMP '2022-06-17 17:44:43.771000678'", "True")]
    [InlineData("IF(1 = 1, 'a')", "a")]
    [InlineData("IF(1 = 2, 'a', 'b')", "b")]
    [InlineData("TRY(CAST('x' AS bigint))", "")]
    [InlineData("TRY_CAST('5' AS bigint)", "5")]
    [InlineData("regexp_like('abc', 'b.')", "True")]
    [InlineData("regexp_replace('a1b22', '(\\d+)', '<$1>')", "a<1>b<22>")]
    [InlineData("regexp_replace('a1b22', '\\d')", "ab")]
    [InlineData("regexp_extract('a1b22', '\\d+')", "1")]
    [InlineData("strpos('millrace', 'race')", "5")]
    [InlineData("split_part('a,b,c', ',', 2)", "b")]
    [InlineData("levenshtein_distance('abc', 'abd')", "1")]
    [InlineData("cardinality(ARRAY[1, 2, 3])", "3")]
    [InlineData("element_at(ARRAY[1, 2, 3], -1)", "3")]
    [InlineData("element_at(ARRAY[1, 2, 3], 9)", "")]
    [InlineData("ARRAY[1, 2, 3][1]", "1")]
    [InlineData("sequence(1, 7, 3)", "[1,4,7]")]
    [InlineData("slice(ARRAY[1, 2, 3, 4], 2, 2)", "[2,3]")]
    [InlineData("array_join(ARRAY['a', NULL, 'c'], '-', '?')", "a-?-c")]
    [InlineData("array_union(ARRAY[1], ARRAY[1])", "[1]")]
    [InlineData("array_except(ARRAY[1, 2], ARRAY[1])", "[2]")]
    [InlineData("array_remove(ARRAY[1, 2, 1], 1)", "[2]")]
    [InlineData("array_max(ARRAY[1, 3, 2])", "3")]
    [InlineData("contains(ARRAY[1, 2], 2)", "True")]
    [InlineData("transform(ARRAY[1, 2], x -> x * 2)", "[2,4]")]
    [InlineData("filter(ARRAY[1, 2], x -> x > 1)", "[2]")]
    [InlineData("bitwise_and(6, 3)", "2")]
    [InlineData("typeof(CAST(1 AS bigint))", "bigint")]
    [InlineData("ST_AsText(ST_Point(9.1895, 45))", "POINT (9.1895 45)")]
    [InlineData("ST_X(ST_Point(9.5, 45)) + ST_Y(ST_Point(9.5, 45))", "54.5")]
    [InlineData("ST_X(ST_GeometryFromText('POINT (-9.5 45)'))", "-9.5")]
    [InlineData("round(ST_Distance(ST_Point(0, 0), ST_Point(180, 0)) / 6371010, 9)", "3.141592654")]
    [InlineData("ST_Distance(ST_Point(9.5, 45), ST_Point(9.5, 45))", "0")]
    [InlineData("round(great_circle_distance(36.12, -86.67, 33.94, -118.40))", "2886")]
    [InlineData("ST_Point(NULL, 1) IS NULL", "True")]
    public async Task What_dashboards_write_runs(string expression, string expected) => Assert.Equal(expected, await ValueAsync("SELECT " + expression));

    [Theory]
    [InlineData("max_by(v, t)", "4")]
    [InlineData("min_by(v, t)", "1")]
    [InlineData("approx_percentile(v, 0.5)", "2.5")]
    [InlineData("approx_distinct(v)", "4")]
    [InlineData("approx_distinct(v, 0.01)", "4")]
    [InlineData("count_if(v > 2)", "2")]
    [InlineData("arbitrary(v) IS NOT NULL", "True")]
    [InlineData("every(v > 0) FILTER (WHERE v > 1)", "True")]
    [InlineData("bool_or(v > 3)", "True")]
    [InlineData("array_agg(v ORDER BY t)", "[1.0,2.0,3.0,4.0]")]
    [InlineData("max(v, 2)", "[4.0,3.0]")]
    [InlineData("geometric_mean(v) > 2", "True")]
    [InlineData("stddev(v) > 1", "True")]
    [InlineData("sum(v) OVER () ", "10")]
    public async Task Aggregates_run(string aggregate, string expected) =>
        Assert.Equal(expected, await ValueAsync($"SELECT {aggregate} FROM (VALUES (1, 1.0::double), (2, 2), (3, 3), (4, 4)) x(t, v)"));

    [Theory]
    [InlineData("SELECT len(sequence(1, 1000000000))")]
    [InlineData("SELECT length(regexp_replace(repeat('x', 100000), 'x', repeat('y', 100000)))")]
    [InlineData("SELECT date_add('fortnight', 1, TIMESTAMP '2022-01-01')")]
    [InlineData("SELECT ST_Distance(ST_Point(45, 91), ST_Point(0, 0))")]
    [InlineData("SELECT list_transform([1, 2], x -> sequence(1, 100000))")]
    [InlineData("SELECT ago(99999999999999999999d)")]
    [InlineData("SELECT bin(TIMESTAMP '2022-01-01', 99999999999999999999999999999999999999999999999999ns)")]
    [InlineData("SELECT bin(TIMESTAMP '2022-01-01', 99999999999999999999999999999999999999d)")]
    [InlineData("SELECT from_milliseconds(9223372036854775807)")]
    [InlineData("SELECT TIMESTAMP '99999-01-01 00:00:00.123456789'")]
    [InlineData("SELECT regexp_like('a', '(((')")]
    [InlineData("SELECT parse_duration('soon')")]
    [InlineData("SELECT human_readable_seconds(1e300)")]
    public async Task What_cannot_be_is_an_error_and_nothing_worse(string sql) => Assert.NotEmpty((await _rig.RefusedAsync(MeasureNames.Rewrite(sql).Text)).Message);

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        foreach (var (open, close) in new[] { ("bin(", ", 1m)"), ("IF(true, ", ")"), ("ST_X(", ")"), ("ARRAY[", "]") })
        {
            var sql = $"SELECT {string.Concat(Enumerable.Repeat(open, 3000))}1{string.Concat(Enumerable.Repeat(close, 3000))}";
            Assert.NotEmpty((await _rig.RefusedAsync(MeasureNames.Rewrite(sql).Text)).Message);
        }
    }

    private async Task<string> ValueAsync(string sql) => (await _rig.LinesAsync(MeasureNames.Rewrite(sql).Text))[0];
}
