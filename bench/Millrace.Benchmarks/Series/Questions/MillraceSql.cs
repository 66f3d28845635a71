using Millrace.Benchmarks.Series.Data;

namespace Millrace.Benchmarks.Series.Questions;

/// <summary>For this repository's server: dimensions are columns, a series is what has the same dimensions, and its latest row is in a table of its own.</summary>
internal static class MillraceSql
{
    public const string Readings = "iot.readings";
    public const string Diagnostics = "iot.diagnostics";

    private const string Ten = "time_bucket(INTERVAL '10 minutes', time)";
    private const string Day = "time_bucket(INTERVAL '1 day', ten)";

    private static readonly string Series = string.Join(", ", TagSets.Names);

    public static string Of(Question question, Parameters p) => question.Name switch
    {
        "one-last-loc" or "single-last-loc" => $"SELECT name, driver, longitude, latitude FROM iot.\"readings$latest\" WHERE name IN ({p.TruckList})",
        "last-loc" => $"SELECT name, driver, longitude, latitude FROM iot.\"readings$latest\" WHERE {FleetOf(p)}",
        "low-fuel" => $"SELECT name, driver, fuel_state FROM iot.\"diagnostics$latest\" WHERE {FleetOf(p)} AND fuel_state < 0.1",
        "high-load" =>
            $"SELECT name, driver, current_load FROM iot.\"diagnostics$latest\" WHERE {FleetOf(p)} AND current_load / CAST(load_capacity AS DOUBLE) > 0.9",
        "truck-rows" =>
            $"""
            SELECT time, latitude, longitude, elevation, velocity, heading, grade, fuel_consumption FROM {Readings}
            WHERE name = {p.TruckList} AND {Window(p)} ORDER BY time
            """,
        "stationary-trucks" =>
            $"SELECT name, driver FROM {Readings} WHERE {Window(p)} AND {FleetOf(p)} GROUP BY name, driver HAVING avg(velocity) < 1",
        "long-driving-sessions" => LongSessions(p, QuestionList.ShortSessions),
        "long-daily-sessions" => LongSessions(p, QuestionList.DaySessions),
        "avg-vs-projected-fuel-consumption" =>
            $"""
            SELECT fleet, avg(fuel_consumption), avg(CAST(nominal_fuel_consumption AS DOUBLE)) FROM {Readings}
            WHERE velocity > 1 AND fleet IS NOT NULL AND nominal_fuel_consumption IS NOT NULL AND name IS NOT NULL GROUP BY fleet
            """,
        "avg-daily-driving-duration" =>
            $"""
            WITH sessions AS (SELECT {Series}, {Ten} AS ten FROM {Readings} GROUP BY {Series}, ten HAVING avg(velocity) > 1),
                days AS (SELECT {Series}, {Day} AS day, count(*) // 6 AS hours FROM sessions GROUP BY {Series}, day)
            SELECT fleet, name, driver, avg(hours) FROM days GROUP BY fleet, name, driver
            """,
        "avg-daily-driving-session" =>
            $"""
            WITH status AS (SELECT {Series}, {Ten} AS ten, avg(velocity) > 5 AS driving FROM {Readings} WHERE name IS NOT NULL GROUP BY {Series}, ten),
                before AS (SELECT *, lag(driving) OVER (PARTITION BY {Series} ORDER BY ten) AS was FROM status),
                changes AS (SELECT *, lead(ten) OVER (PARTITION BY {Series} ORDER BY ten) AS stop FROM before WHERE driving <> was)
            SELECT name, {Day} AS day, avg(epoch(stop) - epoch(ten)) FROM changes WHERE driving GROUP BY name, day ORDER BY name, day
            """,
        "avg-load" =>
            $"""
            WITH loads AS (SELECT {Series}, avg(current_load) AS load FROM {Diagnostics} WHERE name IS NOT NULL GROUP BY {Series})
            SELECT fleet, model, CAST(load_capacity AS DOUBLE) AS capacity, avg(load / CAST(load_capacity AS DOUBLE)) FROM loads GROUP BY fleet, model, capacity
            """,
        "daily-activity" =>
            $"""
            WITH active AS (SELECT {Series}, {Ten} AS ten, count(*) AS n FROM {Diagnostics} WHERE name IS NOT NULL GROUP BY {Series}, ten HAVING avg(status) < 1)
            SELECT fleet, model, {Day} AS day, sum(n) / 144 FROM active GROUP BY fleet, model, day
            """,
        "breakdown-frequency" =>
            $"""
            WITH broken AS (
                    SELECT {Series}, {Ten} AS ten, count(status) // count(*) >= 0.5 AS broken FROM {Diagnostics} WHERE name IS NOT NULL GROUP BY {Series}, ten),
                following AS (SELECT *, lead(broken) OVER (PARTITION BY {Series} ORDER BY ten) AS next FROM broken)
            SELECT model, count(*) FROM following WHERE NOT broken AND next GROUP BY model
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(question), question.Name, "has no words"),
    };

    private static string Window(Parameters p) => $"time >= TIMESTAMP '{SqlTime.Of(p.From)}' AND time < TIMESTAMP '{SqlTime.Of(p.To)}'";

    private static string FleetOf(Parameters p) => $"name IS NOT NULL AND fleet = '{p.Fleet}'";

    private static string LongSessions(Parameters p, int most) =>
        $"""
        SELECT name, driver FROM (
            SELECT {Series}, {Ten} AS ten FROM {Readings} WHERE {Window(p)} AND {FleetOf(p)} GROUP BY {Series}, ten HAVING avg(velocity) > 1)
        GROUP BY name, driver HAVING count(*) > {most}
        """;
}
