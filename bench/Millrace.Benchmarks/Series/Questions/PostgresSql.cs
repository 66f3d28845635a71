namespace Millrace.Benchmarks.Series.Questions;

/// <summary>The suite's own words, with plain PostgreSQL's function for buckets of time.</summary>
internal static class PostgresSql
{
    private const string Ten = "date_bin('10 minutes', time, '2000-01-01Z')";
    private const string Day = "date_bin('1 day', ten, '2000-01-01Z')";

    public static string Of(Question question, Parameters p) => question.Name switch
    {
        "one-last-loc" or "single-last-loc" => LastLoc($"t.name IN ({p.TruckList})"),
        "last-loc" => LastLoc($"t.name IS NOT NULL AND t.fleet = '{p.Fleet}'"),
        "truck-rows" =>
            $"""
            SELECT r.time, r.latitude, r.longitude, r.elevation, r.velocity, r.heading, r.grade, r.fuel_consumption
            FROM tags t INNER JOIN readings r ON r.tags_id = t.id
            WHERE t.name = {p.TruckList} AND {Window(p)} ORDER BY r.time
            """,
        "low-fuel" => LastDiagnostics("fuel_state", $"d.fuel_state < 0.1 AND t.fleet = '{p.Fleet}'"),
        "high-load" => LastDiagnostics("current_load", $"d.current_load / t.load_capacity > 0.9 AND t.fleet = '{p.Fleet}'"),
        "stationary-trucks" =>
            $"""
            SELECT t.name, t.driver FROM tags t INNER JOIN readings r ON r.tags_id = t.id
            WHERE {Window(p)} AND t.name IS NOT NULL AND t.fleet = '{p.Fleet}'
            GROUP BY 1, 2 HAVING avg(r.velocity) < 1
            """,
        "long-driving-sessions" => LongSessions(p, QuestionList.ShortSessions),
        "long-daily-sessions" => LongSessions(p, QuestionList.DaySessions),
        "avg-vs-projected-fuel-consumption" =>
            """
            SELECT t.fleet, avg(r.fuel_consumption), avg(t.nominal_fuel_consumption) FROM tags t INNER JOIN readings r ON r.tags_id = t.id
            WHERE r.velocity > 1 AND t.fleet IS NOT NULL AND t.nominal_fuel_consumption IS NOT NULL AND t.name IS NOT NULL
            GROUP BY t.fleet
            """,
        "avg-daily-driving-duration" =>
            $"""
            WITH sessions AS (SELECT {Ten} AS ten, tags_id FROM readings GROUP BY tags_id, ten HAVING avg(velocity) > 1),
                days AS (SELECT {Day} AS day, tags_id, count(*) / 6 AS hours FROM sessions GROUP BY day, tags_id)
            SELECT t.fleet, t.name, t.driver, avg(d.hours) FROM days d INNER JOIN tags t ON t.id = d.tags_id GROUP BY t.fleet, t.name, t.driver
            """,
        "avg-daily-driving-session" =>
            $"""
            WITH status AS (SELECT tags_id, {Ten} AS ten, avg(velocity) > 5 AS driving FROM readings GROUP BY tags_id, ten),
                before AS (SELECT tags_id, ten, driving, lag(driving) OVER (PARTITION BY tags_id ORDER BY ten) AS was FROM status),
                changes AS (SELECT tags_id, ten, lead(ten) OVER (PARTITION BY tags_id ORDER BY ten) AS stop, driving FROM before WHERE driving <> was)
            SELECT t.name, {Day} AS day, extract(epoch FROM avg(d.stop - d.ten))
            FROM tags t INNER JOIN changes d ON t.id = d.tags_id WHERE t.name IS NOT NULL AND d.driving
            GROUP BY name, day ORDER BY name, day
            """,
        "avg-load" =>
            """
            SELECT t.fleet, t.model, t.load_capacity, avg(d.load / t.load_capacity)
            FROM tags t INNER JOIN (SELECT tags_id, avg(current_load) AS load FROM diagnostics GROUP BY tags_id) d ON t.id = d.tags_id
            WHERE t.name IS NOT NULL GROUP BY t.fleet, t.model, t.load_capacity
            """,
        "daily-activity" =>
            $"""
            SELECT t.fleet, t.model, {Day} AS day, sum(d.rows) / 144
            FROM tags t INNER JOIN (
                SELECT {Ten} AS ten, tags_id, count(*) AS rows FROM diagnostics GROUP BY tags_id, ten HAVING avg(status) < 1) d ON d.tags_id = t.id
            WHERE t.name IS NOT NULL GROUP BY t.fleet, t.model, day
            """,

        // The suite's count(status = 0) counts every row that has a status.
        "breakdown-frequency" =>
            $"""
            WITH broken AS (SELECT {Ten} AS ten, tags_id, count(status) / count(*) >= 0.5 AS broken FROM diagnostics GROUP BY tags_id, ten),
                following AS (SELECT tags_id, broken, lead(broken) OVER (PARTITION BY tags_id ORDER BY ten) AS next FROM broken)
            SELECT t.model, count(*) FROM tags t INNER JOIN following b ON t.id = b.tags_id
            WHERE t.name IS NOT NULL AND NOT b.broken AND b.next GROUP BY t.model
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(question), question.Name, "has no words"),
    };

    private static string Window(Parameters p) => $"time >= '{SqlTime.Of(p.From)}Z' AND time < '{SqlTime.Of(p.To)}Z'";

    private static string LastLoc(string which) =>
        $"""
        SELECT t.name, t.driver, r.longitude, r.latitude FROM tags t
        INNER JOIN LATERAL (SELECT longitude, latitude FROM readings r WHERE r.tags_id = t.id ORDER BY time DESC LIMIT 1) r ON true
        WHERE {which}
        """;

    private static string LastDiagnostics(string column, string which) =>
        $"""
        SELECT t.name, t.driver, d.{column} FROM tags t
        INNER JOIN LATERAL (SELECT {column} FROM diagnostics d WHERE d.tags_id = t.id ORDER BY time DESC LIMIT 1) d ON true
        WHERE t.name IS NOT NULL AND {which}
        """;

    private static string LongSessions(Parameters p, int most) =>
        $"""
        SELECT t.name, t.driver FROM tags t
        INNER JOIN (SELECT {Ten} AS ten, tags_id FROM readings WHERE {Window(p)} GROUP BY ten, tags_id HAVING avg(velocity) > 1) r ON t.id = r.tags_id
        WHERE t.name IS NOT NULL AND t.fleet = '{p.Fleet}' GROUP BY t.name, t.driver HAVING count(r.ten) > {most}
        """;
}
