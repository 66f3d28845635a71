using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series.Planning;

/// <summary>A statement that is planned answers what it answers as it is written, over rows in memory and in files, late and replaced ones too.</summary>
public sealed class PlannedQueriesTests : IAsyncLifetime
{
    private const long Start = SeriesRig.Now - (6 * 3600 * SeriesRig.Second);

    private readonly SeriesRig _rig = new(new SeriesOptions { Threads = 2 });

    public async ValueTask InitializeAsync()
    {
        _rig.Write(Rows(new Random(1), 0, 2400));
        await _rig.MoveAsync();
        _rig.Write(Rows(new Random(2), 2400, 3600));
        await _rig.MoveAsync();
        _rig.Write(Rows(new Random(3), 3000, 4200));
        _rig.Write(Rows(new Random(1), 100, 200).Select(static row => row with { Version = 2 }));
        _rig.Write(Rows(new Random(3), 4196, 4200).Select(static row => row with { Version = 2, Value = new Dictionary<string, object> { ["gear"] = 9L } }));
    }

    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("SELECT vin, avg(speed) AS v FROM fleet.telemetry GROUP BY vin")]
    [InlineData("SELECT avg(speed), count(*), sum(gear), min(speed), max(gear), count(gear), count(DISTINCT vin) FROM fleet.telemetry")]
    [InlineData("SELECT avg(speed), count(*), sum(gear), min(speed), max(gear), count(gear), min(on), max(time), min(time) FROM fleet.telemetry")]
    [InlineData("SELECT count(*) FROM fleet.telemetry WHERE speed > 1e9")]
    [InlineData("SELECT sum(speed), avg(gear), min(time), count(*) FROM fleet.telemetry WHERE vin = 'nobody'")]
    [InlineData("SELECT vin, region, time_bucket(INTERVAL '10 minutes', time) AS w, avg(speed) AS v, count(*) AS n FROM fleet.telemetry WHERE region = 'north' GROUP BY vin, region, w")]
    [InlineData("SELECT vin, time_bucket(INTERVAL '7 minutes', time), avg(speed) FROM fleet.telemetry GROUP BY 1, 2")]
    [InlineData("SELECT bin(time, INTERVAL '5 minutes') b, max(gear) - min(gear) AS d FROM fleet.telemetry WHERE time >= TIMESTAMP '2026-05-31 20:00:00' GROUP BY b HAVING count(*) > 3")]
    [InlineData("SELECT date_trunc('hour', time) h, region, count(speed) FROM fleet.telemetry WHERE speed >= 20 AND gear IS NOT NULL GROUP BY h, region")]
    [InlineData("SELECT date_trunc('hour', time) h, count(*) FROM fleet.telemetry WHERE gear IS NULL GROUP BY h")]
    [InlineData("SELECT time::DATE AS day, sum(gear) FROM fleet.telemetry WHERE gear <> 2 GROUP BY day")]
    [InlineData("SELECT date_trunc('day', time_bucket(INTERVAL '10 minutes', time)) AS d, count(*) FROM fleet.telemetry GROUP BY d")]
    [InlineData("WITH b AS (SELECT vin, time_bucket(INTERVAL '10 minutes', time) w, avg(speed) v FROM fleet.telemetry WHERE region IN ('north', 'south') GROUP BY vin, w) SELECT vin, count(*) FROM b WHERE v > 40 GROUP BY vin")]
    [InlineData("SELECT region, avg(capacity::DOUBLE) AS c, avg(speed) AS v FROM fleet.telemetry WHERE speed > 1 GROUP BY region")]
    [InlineData("SELECT vin, avg(speed) / capacity::DOUBLE AS l FROM fleet.telemetry WHERE capacity IS NOT NULL GROUP BY vin, capacity")]
    [InlineData("SELECT vin, max_by(speed, time) AS s, min_by(speed, time) AS f, arg_max(gear, time) AS g FROM fleet.telemetry GROUP BY vin")]
    [InlineData("SELECT count(gear = 2)::DOUBLE / count(*) FROM fleet.telemetry")]
    [InlineData("SELECT region, count(capacity), count(1), max(vin) FROM fleet.telemetry GROUP BY ALL")]
    [InlineData("SELECT region FROM fleet.telemetry WHERE time < TIMESTAMP '2026-05-31 19:00:00' GROUP BY region")]
    [InlineData("SELECT vin, count(*) FROM fleet.telemetry WHERE lower(region) = 'north' AND vin LIKE 'car1%' GROUP BY vin")]
    [InlineData("SELECT vin, sum(count(*)) OVER (ORDER BY vin) FROM fleet.telemetry GROUP BY vin")]
    [InlineData("SELECT vin AS speed, avg(speed) FROM fleet.telemetry GROUP BY vin")]
    [InlineData("SELECT time_bucket(INTERVAL '1 hour', time) AS time, count(*) FROM fleet.telemetry GROUP BY 1")]
    [InlineData("SELECT median(speed), stddev(speed) FROM fleet.telemetry")]
    [InlineData("SELECT count(*) FROM fleet.telemetry WHERE speed < 170141183460469231731687303715884105727 AND speed > -9223372036854775808")]
    [InlineData("SELECT count(*) AS n FROM fleet.telemetry WHERE speed > 50.123456789012345678")]
    [InlineData("SELECT vin, speed FROM (SELECT *, row_number() OVER (PARTITION BY vin ORDER BY time DESC) AS rn FROM fleet.telemetry WHERE time BETWEEN '2026-05-31 19:00:00' AND '2026-05-31 20:00:00') WHERE rn = 1")]
    [InlineData("SELECT avg(DISTINCT gear), count(*) FILTER (WHERE gear > 2) FROM fleet.telemetry")]
    [InlineData("SELECT * FROM fleet.telemetry WHERE vin = 'car3' AND time BETWEEN '2026-05-31 19:00:00' AND '2026-05-31 20:00:00'")]
    [InlineData("SELECT a.vin, count(*) FROM fleet.telemetry a JOIN fleet.telemetry b ON a.vin = b.vin AND a.time = b.time AND b.time < '2026-05-31 19:00:00' WHERE a.region = 'north' GROUP BY a.vin")]
    [InlineData("SELECT count(*), count(b.vin) FROM fleet.telemetry a LEFT JOIN fleet.telemetry b ON a.time = b.time AND b.vin = 'car3' AND a.vin = 'car2' WHERE a.time < '2026-05-31 19:00:00'")]
    [InlineData("SELECT count(*), count(a.vin) FROM fleet.telemetry a RIGHT JOIN fleet.telemetry b ON a.time = b.time AND b.vin = 'car3' AND a.vin = 'car2' WHERE b.time < '2026-05-31 19:00:00'")]
    [InlineData("SELECT count(*) FROM fleet.telemetry a FULL JOIN fleet.telemetry b ON a.time = b.time AND a.vin = b.vin AND a.vin = 'car1' WHERE a.region = 'north' OR b.region = 'south'")]
    [InlineData("SELECT count(*) FROM fleet.telemetry WHERE vin = 'car1' AND time > (SELECT max(time) - INTERVAL '1 hour' FROM fleet.telemetry WHERE vin = 'car1')")]
    [InlineData("SELECT vin, (SELECT count(*) FROM fleet.telemetry i WHERE i.vin = o.vin AND i.region = 'north') FROM fleet.telemetry o WHERE o.time < '2026-05-31 18:10:00' GROUP BY vin")]
    [InlineData("SELECT count(*) FROM fleet.telemetry WHERE vin = 'car1' OR speed > 90")]
    [InlineData("SELECT count(*) FROM fleet.telemetry WHERE (vin = 'car1' OR region = 'south') AND NOT (capacity = '500')")]
    [InlineData("SELECT count(*) FROM fleet.telemetry WHERE NOT (region = 'north')")]
    [InlineData("SELECT count(*) FROM fleet.telemetry WHERE region NOT IN ('north') AND measure_name = 'status'")]
    [InlineData("SELECT fleet.telemetry.vin, count(*) FROM fleet.telemetry WHERE fleet.telemetry.vin > 'car2' GROUP BY 1")]
    [InlineData("SELECT vin, row_number() OVER (PARTITION BY vin ORDER BY time DESC) AS n FROM fleet.telemetry WHERE time < '2026-05-31 18:30:00' QUALIFY n = 1")]
    [InlineData("SELECT vin, time, speed FROM fleet.telemetry WHERE speed / CAST(capacity AS DOUBLE) > 0.05 AND region = 'north'")]
    [InlineData("SELECT vin, speed, gear FROM fleet.telemetry WHERE speed * CAST(capacity AS DOUBLE) <= 1500 AND gear >= 2 ORDER BY time")]
    [InlineData("SELECT vin, speed FROM fleet.telemetry WHERE speed / CAST(region AS DOUBLE) > 0.05")]
    [InlineData("SELECT vin, speed FROM fleet.telemetry WHERE speed / CAST(capacity AS DOUBLE) = 0 LIMIT 100000")]
    [InlineData("SELECT capacity, sum(gear) AS g, count(*) AS n, avg(speed) AS v FROM fleet.telemetry WHERE time < TIMESTAMP '2026-05-31 20:00:00' AND speed > 20 GROUP BY capacity")]
    public async Task The_answer_is_the_same(string sql) => await SameAsync(sql);

    [Theory, Seeds(200)]
    public async Task The_answer_is_the_same_whatever_is_asked(int seed)
    {
        var statement = new SomeStatement(new Random(seed));
        await SameAsync(statement.Text, statement.IsOrdered);
    }

    [Theory]
    [InlineData("SELECT vin FROM fleet.telemetry WHERE time > '2026-05-31 19:00:00' AND nosuch = 1", 1, 72)]
    [InlineData("SELECT vin,\n nosuch FROM fleet.\"telemetry$latest\" WHERE vin = 'car1'", 2, 2)]
    [InlineData("SELECT vin, avg(speed), nosuch FROM fleet.telemetry WHERE vin = 'car1' GROUP BY vin", 1, 25)]
    [InlineData("SELECT vin, avg(speed)\n, speed FROM fleet.telemetry GROUP BY vin", 2, 3)]
    public async Task Errors_name_the_place_in_the_statement_as_it_is_written(string sql, int line, int column)
    {
        var refused = await _rig.RefusedAsync(sql);
        Assert.Equal((line, column), (refused.Line, refused.Column));
    }

    [Theory]
    [InlineData("SELECT vin, region, time_bucket(INTERVAL '10 minutes', time) AS ten, avg(speed) > 45 AS fast FROM fleet.telemetry WHERE vin IS NOT NULL GROUP BY vin, region, ten HAVING count(*) > 2")]
    [InlineData("SELECT count(*) FROM (SELECT vin, time_bucket(INTERVAL '10 minutes', time) AS ten FROM fleet.telemetry WHERE vin > 'car1' OR vin = 'car0' GROUP BY vin, ten HAVING avg(speed) > 45 OR max(gear) > 4)")]
    [InlineData("SELECT region, bin(time, INTERVAL '1 hour'), count(*), max_by(gear, time), min(\"on\"), max(time) FROM fleet.telemetry GROUP BY 1, 2 ORDER BY count(*) DESC, 2, 1 LIMIT 7")]
    [InlineData("SELECT capacity, avg(speed) / capacity::DOUBLE AS v FROM fleet.telemetry GROUP BY capacity")]
    [InlineData("SELECT sum(gear), measure_name FROM fleet.telemetry WHERE gear > 1 GROUP BY measure_name HAVING sum(gear) > 5")]
    public async Task Where_each_group_is_one_bucket_nothing_is_grouped_again(string sql)
    {
        Assert.Contains("each group once", await ReadsAsync(sql), StringComparison.Ordinal);
        await SameAsync(sql);
    }

    [Theory]
    [InlineData("SELECT bin(time, INTERVAL '15 minutes') AS b, avg(speed) FROM fleet.telemetry WHERE time > ago(INTERVAL '20000 days') GROUP BY b")]
    [InlineData("SELECT time_bucket(INTERVAL '7 minutes', time, TIMESTAMP '2026-01-01 00:00:07') AS b, avg(speed) FROM fleet.telemetry WHERE time > now() - INTERVAL '20000 days' GROUP BY b")]
    public async Task Steps_are_summed_up_since_a_moment_that_goes_on(string sql)
    {
        Assert.Contains("summed up by series and", await ReadsAsync(sql), StringComparison.Ordinal);
        await SameAsync(sql);
    }

    [Fact]
    public async Task Steps_that_begin_now_are_not_summed_up() => Assert.DoesNotContain(
        "summed up", await ReadsAsync("SELECT time_bucket(INTERVAL '7 minutes', time, now()::TIMESTAMP) AS b, avg(speed) FROM fleet.telemetry GROUP BY b"), StringComparison.Ordinal);

    [Theory]
    [InlineData("SELECT vin, count(*) FROM fleet.telemetry WHERE region = 'north' OR vin = 'car1' GROUP BY ROLLUP (vin)")]
    [InlineData("SELECT capacity, count(*) FROM fleet.telemetry WHERE region = 'north' OR capacity = '500' GROUP BY capacity")]
    [InlineData("SELECT vin, avg(capacity::INTEGER) FROM fleet.telemetry GROUP BY vin")]
    [InlineData("SELECT date_trunc('hour', time_bucket(INTERVAL '10 minutes', time)) AS h, count(*) FROM fleet.telemetry GROUP BY h")]
    [InlineData("SELECT vin, sum(count(*)) OVER (ORDER BY vin) FROM fleet.telemetry GROUP BY vin")]
    [InlineData("SELECT capacity, count(*) FROM fleet.telemetry WHERE capacity <> 'none' GROUP BY capacity HAVING capacity::INTEGER > 600")]
    [InlineData("SELECT vin, count(*) FROM fleet.telemetry /* HAVING none */ GROUP BY vin")]
    [InlineData("SELECT vin, bin(time, INTERVAL '1 minute') AS m, time::DATE AS d, count(*) FROM fleet.telemetry GROUP BY vin, d, 2 HAVING max(bin(time, INTERVAL '1 minute')) > '2026-05-31'")]
    public async Task Where_a_group_is_more_it_is_grouped(string sql)
    {
        Assert.DoesNotContain("each group once", await ReadsAsync(sql), StringComparison.Ordinal);
        await SameAsync(sql);
    }

    [Theory]
    [InlineData("SELECT vin, w, v, lag(v) OVER (PARTITION BY vin, region ORDER BY w) AS was FROM a")]
    [InlineData("SELECT max(v - was) FROM (SELECT *, lag(v) OVER (PARTITION BY region, vin ORDER BY w) AS was FROM a)")]
    [InlineData("SELECT Vin, count(*), max(region) FROM a x GROUP BY x.region, x.VIN HAVING region <> 'south' ORDER BY vin")]
    [InlineData("SELECT upper(vin) || coalesce(region, '-') AS k, sum(v), count(region) FROM a GROUP BY vin, region, v > 40")]
    [InlineData("SELECT vin, sum(v), sum(sum(v)) OVER (PARTITION BY vin, region) FROM a GROUP BY vin, region, w::DATE")]
    [InlineData(", b AS (SELECT *, v > 40 AS fast FROM a), c AS (SELECT *, lag(fast) OVER (PARTITION BY vin, region ORDER BY w) AS was FROM b) SELECT region, count(*) FROM c WHERE fast <> was GROUP BY region")]
    [InlineData(", b AS (SELECT region AS r, vin AS v1, w, v FROM a) SELECT r, v1, lead(v) OVER (PARTITION BY r, v1 ORDER BY w) FROM b")]
    public async Task Many_dimensions_become_one_number(string sql)
    {
        sql = $"WITH a AS (SELECT vin, region, bin(time, INTERVAL '15 minutes') AS w, avg(speed) AS v FROM fleet.telemetry GROUP BY vin, region, w) {sql}";
        Assert.Contains("a number for its dimensions", await ReadsAsync(sql), StringComparison.Ordinal);
        await SameAsync(sql);
    }

    [Theory]
    [InlineData("SELECT * FROM a")]
    [InlineData("SELECT vin, lag(v) OVER (PARTITION BY vin ORDER BY w, region) FROM a")]
    [InlineData("SELECT vin, region, count(*) FROM a GROUP BY ALL")]
    [InlineData("SELECT * FROM a WHERE v > 40 UNION ALL SELECT vin, region, w, lag(v) OVER (PARTITION BY vin, region ORDER BY w) FROM a")]
    [InlineData("SELECT *, lag(v) OVER (PARTITION BY vin, region ORDER BY w) AS was FROM a")]
    [InlineData("SELECT x.vin, count(*), sum(x.v) FROM a x JOIN a y USING (vin, region) GROUP BY x.vin, x.region")]
    [InlineData("SELECT vin, count(*) FROM a GROUP BY ROLLUP (vin, region)")]
    [InlineData("SELECT max(\"~tuple\") FROM (SELECT vin, region, 1 AS \"~tuple\", lag(v) OVER (PARTITION BY vin, region ORDER BY w) FROM a)")]
    [InlineData(", b AS (SELECT *, lag(v) OVER (PARTITION BY vin, region ORDER BY w) AS was FROM a ORDER BY 5, 3, 1, 2 LIMIT 7) SELECT * FROM b")]
    [InlineData(", a2(x, y, z, u) AS (SELECT * FROM a) SELECT x, lag(u) OVER (PARTITION BY x, y ORDER BY z) FROM a2")]
    [InlineData(", b AS (SELECT vin AS region, region AS vin, w, v FROM a) SELECT vin, lag(v) OVER (PARTITION BY vin, region ORDER BY w) FROM b UNION ALL SELECT vin, v FROM a")]
    public async Task Dimensions_stay_where_a_number_could_be_seen(string sql)
    {
        sql = $"WITH a AS (SELECT vin, region, bin(time, INTERVAL '15 minutes') AS w, avg(speed) AS v FROM fleet.telemetry GROUP BY vin, region, w) {sql}";
        Assert.DoesNotContain("a number for its dimensions", await ReadsAsync(sql), StringComparison.Ordinal);
        await SameAsync(sql);
    }

    private async Task<string> ReadsAsync(string sql)
    {
        _rig.Store.PlansQueries = true;
        using var result = await _rig.Store.QueryAsync("EXPLAIN " + sql, TestContext.Current.CancellationToken);
        return string.Join('\n', result.Rows().Select(static row => string.Join(' ', row.Select(PlannedAnswers.Text))));
    }

    private Task SameAsync(string sql, bool ordered = false) => PlannedAnswers.SameAsync(_rig, sql, ordered);

    // Eight cars, of which two have no region; each row has some of three measures. A row each six seconds.
    private static IEnumerable<Point> Rows(Random random, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var car = i % 8;
            var values = new Dictionary<string, object>();
            if (random.Next(10) > 0) values["speed"] = random.Next(1000) / 10.0;
            if (random.Next(10) > 2) values["gear"] = (long)random.Next(-1, 6);
            if (random.Next(2) > 0) values["on"] = random.Next(2) > 0;
            if (random.Next(4) > 0) values["note"] = $"note {random.Next(5)} of some length";
            if (values.Count == 0) values["gear"] = 0L;
            var dimensions = new List<(string, string)> { ("vin", $"car{car}"), ("capacity", car % 3 == 0 ? "500" : "1500") };
            if (car > 1) dimensions.Add(("region", car % 2 == 0 ? "north" : "south"));
            yield return new Point(car == 7 ? "other" : "status", Start + (i * 6 * SeriesRig.Second) + random.Next(2), values) { Dimensions = [.. dimensions] };
        }
    }
}
