namespace Millrace.Tests.Storage.Series.Planning;

/// <summary>A statement put together at random from what people write, over the columns of <see cref="PlannedQueriesTests"/>.</summary>
internal sealed class SomeStatement
{
    /// <summary>The newest row of each series; unplanned there is no such table.</summary>
    public const string Latest = "fleet.\"telemetry$latest\"";

    private static readonly string[] OfSeries = ["vin", "region", "capacity", "measure_name"];
    private static readonly string[] Aggregates =
    [
        "count(*)", "count(speed)", "sum(gear)", "avg(speed)", "avg(gear)", "min(speed)", "max(gear)", "max(time)", "min(time)", "count(region)", "max(region)",
        "max_by(gear, time)", "count(gear > 1)", "sum(speed)", "max(on)", "count(note)", "avg(capacity::INTEGER)", "count(DISTINCT gear)", "min(vin)",
    ];
    private static readonly string[] Steps =
    [
        "time_bucket(INTERVAL '10 minutes', time)", "bin(time, INTERVAL '1 hour')", "date_trunc('minute', time)", "time::DATE", "date_trunc('hour', time)",
        "time_bucket(INTERVAL '90 seconds', time, TIMESTAMP '2026-01-01 00:00:07')", "hour(time)",
    ];
    private static readonly string[] Conditions =
    [
        "vin = 'car1'", "region = 'north'", "region <> 'north'", "region IS NULL", "region IS NOT NULL", "vin IN ('car1', 'car4', 'nobody')", "vin LIKE 'car%'",
        "vin LIKE '%2'", "capacity::INTEGER > 600", "NOT (region = 'south')", "measure_name = 'status'", "vin > 'car3'", "vin BETWEEN 'car2' AND 'car5'",
        "time > '2026-05-31 20:00:00'", "time <= TIMESTAMP '2026-05-31 21:30:00'", "time BETWEEN '2026-05-31 19:00:00' AND '2026-05-31 22:00:00.000000001'",
        "time < DATE '2026-06-01' - INTERVAL '2 hours'", "'2026-05-31 19:10:00' <= time", "time = '2026-05-31 18:00:00.000000001'", "hour(time) = 20",
        "(time < '2026-05-31 19:00:00' OR time > '2026-05-31 23:00:00')", "time > now() - INTERVAL '20000 days'", "speed > 50", "speed <= 12.5", "20 < speed",
        "gear = 2", "gear <> 2", "gear IS NULL", "gear IS NOT NULL", "speed IS NULL", "on", "speed > gear", "gear > 1.5", "(vin = 'car2' OR speed > 70)",
        "time >= '2026-05-31T20:00:00Z'", "time > TIMESTAMP_NS '2026-05-31 20:00:00.000000001'", "time > TIMESTAMPTZ '2026-05-31 22:00:00+02'", "time > '2026-05-31 22:00:00+02'",
        "time >= DATE '2026-05-31'", "time > '2026-05-31'", "time > ago(INTERVAL '20000 days')", "time > from_milliseconds(1780257600000)", "time <= epoch_ms(1780257600000)",
        "time > from_iso8601_timestamp('2026-05-31T20:00:00Z')", "time BETWEEN DATE '2026-05-31' AND DATE '2026-06-01'", "time > CAST('2026-05-31 20:00' AS TIMESTAMP)",
        "time::DATE = DATE '2026-05-31'", "date_trunc('hour', time) = TIMESTAMP '2026-05-31 20:00:00'", "time > '2026-05-31 20:00:00.5'", "time < TIMESTAMP '2026-05-31 20:00:00.0000015'",
        "time <> '2026-05-31 18:00:06'", "time IN ('2026-05-31 18:00:06', '2026-05-31 18:00:12')", "NOT time > '2026-05-31 20:00:00'", "\"TIME\" < '2026-05-31 23:00:00'",
        "time > '2026-05-31 18:00:00'::TIMESTAMP + INTERVAL 1 HOUR", "time > CURRENT_TIMESTAMP - INTERVAL '20000' DAY", "time > date_trunc('day', TIMESTAMP '2026-05-31 18:00:00')",
        "time < 'infinity'::TIMESTAMP", "time > NULL", "time < now()", "time < (now() - INTERVAL '1 hour')", "time > ((TIMESTAMP '2026-05-31 20:00:00'))", "time > (DATE '2026-05-31' + INTERVAL 19 HOURS)",
        "VIN = 'car1'", "\"Region\" = 'north'", "vin = NULL", "vin = ''", "vin >= 'car'", "vin <> 'it''s'", "vin NOT IN ('car1', 'car2')", "vin LIKE 'car_'", "vin ILIKE 'CAR1'", "vin NOT LIKE 'car1%'", "vin SIMILAR TO 'car[12]'",
        "speed > '50'", "speed = 12.50", "speed <> 1e1", "speed > -0.0", "speed = 'NaN'::DOUBLE", "speed > 50.123456789012345678", "speed < 9007199254740993", "speed BETWEEN 10 AND 20", "speed IN (10, 20.5)",
        "speed = 50 OR speed IS NULL", "gear = 2.0", "gear = '2'", "gear BETWEEN 1 AND 3", "gear IN (1, 2)", "gear = -1", "gear < 9223372036854775807", "gear <= 9223372036854775808", "on = true", "on IS NOT TRUE", "NOT on",
        "note LIKE 'note 1%'", "note IS NULL", "note <> 'note 1 of some length'", "\"measure_value::double\" IS NULL", "\"measure_value::bigint\" > 1", "true", "NOT (vin = 'car1' AND gear = 2)",
        "vin NOT BETWEEN 'car2' AND 'car5'", "time NOT BETWEEN '2026-05-31 19:00:00' AND '2026-05-31 22:00:00'", "gear NOT BETWEEN 1 AND 3", "speed > -9223372036854775808", "gear > -9223372036854775808",
        "speed < 170141183460469231731687303715884105727", "vin IN (SELECT vin FROM fleet.telemetry WHERE gear > 4)", "EXISTS (SELECT 1 FROM fleet.telemetry i WHERE i.vin = region)", "speed > (SELECT avg(speed) FROM fleet.telemetry WHERE region = 'south')",
        "time = (SELECT max(time) FROM fleet.telemetry)", "region IN ('north', NULL)", "note = 'note 1 of some length'", "vin || region = 'car2north'", "coalesce(region, 'none') = 'none'",
    ];

    private readonly Random _random;

    public SomeStatement(Random random)
    {
        _random = random;
        Text = _random.Next(12) switch
        {
            0 or 1 => Lookup(),
            2 => $"SELECT vin, count(*) AS n, max(v) AS m FROM ({Grouped(named: true)}) q GROUP BY vin",
            3 => Ordered(),
            4 => $"SELECT DISTINCT {Some(OfSeries)}, {Some("gear", "note", "speed > 50", "date_trunc('hour', time)")} FROM {Table()}{Where()}",
            5 => $"{Counted()} {Some("UNION ALL", "UNION", "EXCEPT", "INTERSECT")} {Counted()}",
            6 => Joined(),
            7 or 8 or 9 => Chained(),
            _ => Grouped(named: false),
        };
    }

    /// <summary>Its rows come in an order that it says.</summary>
    public bool IsOrdered { get; private set; }

    public string Text { get; }

    private string Lookup() => $"SELECT {Columns()} FROM {Table()}{(_random.Next(4) == 0 ? " t" : "")}{Where()}";

    // No two rows have the same of all these.
    private string Ordered()
    {
        IsOrdered = true;
        string[] way = ["", " ASC", " DESC", " DESC NULLS FIRST", " NULLS FIRST"];
        var first = _random.Next(2) == 0 ? "" : $"{Some("region", "capacity", "speed", "gear", "note", "1", "lower(vin)", "\"on\"")}{Some(way)}, ";
        var order = $"{first}vin{Some(way)}, time{Some(way)}, measure_name";
        if (_random.Next(3) == 0) order = $"time{Some("", " DESC")}, vin{Some("", " DESC")}, measure_name, region";
        var limit = Some("", " LIMIT 5", " LIMIT 0", " LIMIT 7 OFFSET 3", " LIMIT 100 OFFSET 1000", " OFFSET 4000", " LIMIT ALL", " LIMIT 1 + 1", " LIMIT 1%");
        return $"SELECT {Columns()} FROM {Table()}{Where()} ORDER BY {order}{limit}";
    }

    // Whole numbers, so that two of them can be compared.
    private string Counted() => $"SELECT vin, region, count(*) AS n, sum(gear) AS g, max(time) AS t FROM {Table()}{Where()} GROUP BY vin, region";

    private string Joined()
    {
        const string Owners = "(VALUES ('car1', 'Ann'), ('car2', 'Bob'), ('nobody', NULL)) o(id, owner)";
        var join = Some("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN");
        var columns = join is "SEMI JOIN" or "ANTI JOIN" ? "t.vin, count(*), sum(t.gear)" : "t.vin, o.owner, count(*), sum(t.gear), count(t.speed)";
        var on = Some("o.id = t.vin", "o.id = t.vin AND t.gear > 2", "o.id = t.vin AND t.time > '2026-05-31 20:00:00'", "o.id = t.vin AND t.region = 'north' AND o.owner IS NOT NULL");
        return $"SELECT {columns} FROM {Table()} t {join} {Owners} ON {on}{Where()} GROUP BY ALL";
    }

    // Groups that are read by others, and these by others again. Within the same dimensions no two have the same time.
    private string Chained()
    {
        var keys = OfSeries.Where(_ => _random.Next(2) == 0).ToList();
        if (keys.Count == 0) keys.Add("vin");
        var names = keys.ConvertAll(key => _random.Next(5) == 0 ? $"{key}_1" : key);
        var items = string.Join(", ", keys.Zip(names, (key, name) => key == name ? key : $"{key} AS {name}"));
        var (table, where, having) = (Table(), Where(), Some("", "", " HAVING count(*) > 5", " HAVING min(gear) >= 0"));
        var inner = $"SELECT {items}, {Some(Steps)} AS w, {Some(Aggregates)} AS v, count(*) AS n FROM {table}{where} GROUP BY {string.Join(", ", keys)}, w{having}";
        var (by, first) = (string.Join(", ", names.OrderBy(_ => _random.Next())), names[0]);
        var second = Some(
            $"SELECT *, lag(n) OVER (PARTITION BY {by} ORDER BY w) AS was FROM a",
            $"SELECT {by}, w, n, lead(n) OVER (PARTITION BY {by} ORDER BY w) AS was FROM a",
            $"SELECT x.*, row_number() OVER (PARTITION BY {by}, n > 3 ORDER BY w) AS was FROM a x WHERE n > 1",
            $"SELECT x.{first}, {by}, w, n, sum(n) OVER named AS was FROM a AS x WINDOW named AS (PARTITION BY {by} ORDER BY w)",
            $"SELECT {by}, w, n, 1 AS was FROM a QUALIFY row_number() OVER (PARTITION BY {by} ORDER BY w DESC) = 1",
            $"SELECT {by}, n AS w, sum(n) AS n, max(n) AS was FROM a GROUP BY {by}, w",
            $"SELECT {by}, max(w) AS w, count(*) AS n, lag(count(*)) OVER (PARTITION BY {by} ORDER BY n) AS was FROM a GROUP BY {by}, n",
            $"SELECT * FROM a, (VALUES (1), (2)) u(was)");
        var third = Some(
            "SELECT * FROM b",
            $"SELECT {by}, n, was FROM b WHERE was IS NOT NULL",
            $"SELECT {first}, count(*), sum(was) FROM b GROUP BY {first}",
            $"SELECT {by}, sum(n), upper({first}), max(was) FROM b GROUP BY {by} HAVING {first} <> 'car1' OR sum(n) > 3",
            $"SELECT b.{first} AS f, {by}, sum(n), count({first}) FROM b GROUP BY {by}",
            $"SELECT {by}, sum(n) AS s FROM b GROUP BY {by}, was ORDER BY {by}, s",
            "SELECT count(*) FROM b x JOIN b y ON x.n = y.n",
            $"SELECT {by}, was FROM b UNION ALL SELECT {by}, n FROM a",
            $"SELECT max(c), count(*) FROM (SELECT {by}, count(*) AS c FROM b GROUP BY ALL)",
            $"SELECT max(c), count(*) FROM (SELECT {by}, count(*) AS c FROM b GROUP BY {by})",
            $"SELECT (SELECT count(*) FROM b WHERE b.{first} = a.{first}), max(n) FROM a GROUP BY {by}, a.{first}",
            $"SELECT DISTINCT {first}, was FROM b",
            $"SELECT first(q ORDER BY q) FROM (SELECT *, sum(n) OVER (PARTITION BY {by}) AS q FROM b) GROUP BY {first}");
        return $"WITH a AS ({inner}), b AS ({second}) {third}";
    }

    private string Table() => _random.Next(5) == 0 ? Latest : Some("fleet.telemetry", "Fleet.TELEMETRY", "\"fleet\".\"telemetry\"");

    private string Columns() => _random.Next(3) == 0 ? "*" : string.Join(", ", new[] { "vin", "time", "speed", "Region", "note", "gear", "\"on\"", "\"measure_value::double\"", "vin" }.Where(_ => _random.Next(3) > 0).Append("measure_name"));

    private string Grouped(bool named)
    {
        var keys = OfSeries.Where(_ => _random.Next(3) == 0).ToList();
        if (named && !keys.Contains("vin")) keys.Add("vin");
        var step = _random.Next(2) == 0 ? Steps[_random.Next(Steps.Length)] : null;
        var items = new List<string>(keys);
        if (step is not null) items.Add($"{step} AS w");
        items.Add(named ? "avg(speed) AS v" : $"{Some(Aggregates)} AS v");
        for (var more = _random.Next(3); more > 0; more--) items.Add(named ? $"{Some(Aggregates)} AS v{more}" : Some(Aggregates));
        var groups = keys.Concat(step is null ? [] : new[] { _random.Next(2) == 0 ? "w" : step }).ToList();
        var group = groups.Count == 0 ? "" : $" GROUP BY {(_random.Next(5) == 0 ? "ALL" : string.Join(", ", groups))}";
        var having = _random.Next(4) == 0 ? $" HAVING {Some("count(*) > 10", "avg(speed) > 45", "min(gear) >= 0", "v IS NOT NULL")}" : "";
        return $"SELECT {string.Join(", ", items)} FROM {Table()}{Where()}{group}{having}";
    }

    private string Where()
    {
        var conditions = Enumerable.Range(0, _random.Next(4)).Select(_ => Some(Conditions)).ToList();
        return conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
    }

    private string Some(params string[] of) => of[_random.Next(of.Length)];
}
