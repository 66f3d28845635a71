namespace Millrace.Tests.Storage.Series.Planning;

/// <summary>A statement put together at random from what people write, over the columns of <see cref="PlannedQueriesTests"/>.</summary>
internal sealed class SomeStatement
{
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
        "region IN ('north', NULL)", "note = 'note 1 of some length'", "vin || region = 'car2north'", "coalesce(region, 'none') = 'none'",
    ];

    private readonly Random _random;

    public SomeStatement(Random random)
    {
        _random = random;
        Text = _random.Next(5) switch
        {
            0 => Lookup(),
            1 => $"SELECT vin, count(*) AS n, max(v) AS m FROM ({Grouped(named: true)}) q GROUP BY vin",
            _ => Grouped(named: false),
        };
    }

    public string Text { get; }

    private string Lookup()
    {
        var columns = _random.Next(3) == 0 ? "*" : string.Join(", ", new[] { "vin", "time", "speed", "region", "note", "gear", "on" }.Where(_ => _random.Next(3) > 0).Append("measure_name"));
        return $"SELECT {columns} FROM fleet.telemetry{(_random.Next(4) == 0 ? " t" : "")}{Where()}";
    }

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
        return $"SELECT {string.Join(", ", items)} FROM fleet.telemetry{Where()}{group}{having}";
    }

    private string Where()
    {
        var conditions = Enumerable.Range(0, _random.Next(4)).Select(_ => Some(Conditions)).ToList();
        return conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
    }

    private string Some(params string[] of) => of[_random.Next(of.Length)];
}
