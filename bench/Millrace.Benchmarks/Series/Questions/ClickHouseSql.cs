namespace Millrace.Benchmarks.Series.Questions;

/// <summary>For ClickHouse 18.16: sums by tag set first, tags joined to those few rows; arrays where others have window functions.</summary>
internal static class ClickHouseSql
{
    // Not toStartOfTenMinutes, which came later.
    private const string Ten = "intDiv(toUInt32(time), 600)";
    private const string Tags = "ANY INNER JOIN (SELECT id AS tags_id, name, fleet, driver, model, load_capacity, nominal_fuel_consumption FROM tags) USING tags_id";
    private const string Named = "tags_id IN (SELECT id FROM tags WHERE name IS NOT NULL)";

    // Of the whole of i, bs and ds: the places at which the status is another than the one before, both being known.
    private const string IsChange = "i > 1 AND d != ds[i - 1] AND d < 2 AND ds[i - 1] < 2";

    public static string Of(Question question, Parameters p) => question.Name switch
    {
        "one-last-loc" or "single-last-loc" => Last("readings", "longitude, latitude", "last.1, last.2", $"name IN ({p.TruckList})", "1"),
        "last-loc" => Last("readings", "longitude, latitude", "last.1, last.2", FleetOf(p), "1"),
        "low-fuel" => Last("diagnostics", "fuel_state, status", "last.1", FleetOf(p), "last.1 < 0.1"),
        "high-load" => Last("diagnostics", "current_load, status", "last.1", FleetOf(p), "last.1 / load_capacity > 0.9"),
        "truck-rows" =>
            $"""
            SELECT time, latitude, longitude, elevation, velocity, heading, grade, fuel_consumption FROM readings
            WHERE tags_id IN (SELECT id FROM tags WHERE name = {p.TruckList}) AND {Window(p)} ORDER BY time
            """,
        "stationary-trucks" =>
            $"""
            SELECT name, driver FROM (
                SELECT tags_id, sum(velocity) AS s, count(velocity) AS n FROM readings WHERE {Window(p)} AND {Of(FleetOf(p))} GROUP BY tags_id) {Tags}
            GROUP BY name, driver HAVING sum(s) / sum(n) < 1
            """,
        "long-driving-sessions" => LongSessions(p, QuestionList.ShortSessions),
        "long-daily-sessions" => LongSessions(p, QuestionList.DaySessions),
        "avg-vs-projected-fuel-consumption" =>
            $"""
            SELECT fleet, sum(s) / sum(n), sum(nominal_fuel_consumption * rows) / sum(rows) FROM (
                SELECT tags_id, sum(fuel_consumption) AS s, count(fuel_consumption) AS n, count() AS rows FROM readings
                WHERE velocity > 1 AND {Of("name IS NOT NULL AND fleet IS NOT NULL AND nominal_fuel_consumption IS NOT NULL")} GROUP BY tags_id) {Tags}
            GROUP BY fleet
            """,
        "avg-daily-driving-duration" =>
            $"""
            SELECT fleet, name, driver, avg(hours) FROM (
                SELECT tags_id, intDiv(ten, 144) AS day, intDiv(count(), 6) AS hours FROM (
                    SELECT tags_id, {Ten} AS ten FROM readings GROUP BY tags_id, ten HAVING avg(velocity) > 1) GROUP BY tags_id, day) {Tags}
            GROUP BY fleet, name, driver
            """,
        "avg-daily-driving-session" =>
            $"""
            SELECT name, day, avg(seconds) FROM (
                SELECT tags_id, intDiv(session.1, 144) * 86400 AS day, (session.2 - session.1) * 600 AS seconds FROM (
                    SELECT tags_id, arrayJoin(arrayFilter(x -> x.3 = 1, arrayMap(
                        (t, d, i) -> (t, if(i < length(starts), starts[i + 1], NULL), d), starts, states, arrayEnumerate(starts)))) AS session FROM (
                        SELECT tags_id, arrayFilter((t, d, i) -> {IsChange}, ts, ds, arrayEnumerate(ds)) AS starts,
                            arrayFilter((d, i) -> {IsChange}, ds, arrayEnumerate(ds)) AS states FROM (
                            SELECT tags_id, groupArray(ten) AS ts, groupArray(driving) AS ds FROM (
                                SELECT tags_id, {Ten} AS ten, ifNull(avg(velocity) > 5, 2) AS driving FROM readings
                                WHERE {Named} GROUP BY tags_id, ten ORDER BY tags_id, ten) GROUP BY tags_id)))) {Tags}
            GROUP BY name, day ORDER BY name, day
            """,
        "avg-load" =>
            $"""
            SELECT fleet, model, load_capacity, avg(load / load_capacity) FROM (
                SELECT tags_id, avg(current_load) AS load FROM diagnostics WHERE {Named} GROUP BY tags_id) {Tags}
            GROUP BY fleet, model, load_capacity
            """,
        "daily-activity" =>
            $"""
            SELECT fleet, model, day * 86400, sum(n) / 144 FROM (
                SELECT tags_id, intDiv(ten, 144) AS day, sum(rows) AS n FROM (
                    SELECT tags_id, {Ten} AS ten, count() AS rows FROM diagnostics WHERE {Named} GROUP BY tags_id, ten HAVING avg(status) < 1)
                GROUP BY tags_id, day) {Tags}
            GROUP BY fleet, model, day
            """,
        "breakdown-frequency" =>
            $"""
            SELECT model, sum(n) AS breakdowns FROM (
                SELECT tags_id, arrayCount((b, i) -> b = 0 AND bs[i + 1] = 1, bs, arrayEnumerate(bs)) AS n FROM (
                    SELECT tags_id, groupArray(broken) AS bs FROM (
                        SELECT tags_id, {Ten} AS ten, intDiv(count(status), count()) >= 0.5 AS broken FROM diagnostics
                        WHERE {Named} GROUP BY tags_id, ten ORDER BY tags_id, ten) GROUP BY tags_id)) {Tags}
            GROUP BY model HAVING breakdowns > 0
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(question), question.Name, "has no words"),
    };

    private static string Window(Parameters p) => $"time >= toDateTime('{SqlTime.Of(p.From)}') AND time < toDateTime('{SqlTime.Of(p.To)}')";

    private static string FleetOf(Parameters p) => $"name IS NOT NULL AND fleet = '{p.Fleet}'";

    private static string Of(string which) => $"tags_id IN (SELECT id FROM tags WHERE {which})";

    // A tuple is never null: so that the last row counts also where its value is null.
    private static string Last(string table, string columns, string shown, string which, string having) =>
        $"""
        SELECT name, driver, {shown} FROM (
            SELECT tags_id, argMax(({columns}), time) AS last FROM {table} WHERE {Of(which)} GROUP BY tags_id) {Tags}
        WHERE {having}
        """;

    private static string LongSessions(Parameters p, int most) =>
        $"""
        SELECT name, driver FROM (
            SELECT tags_id, count() AS n FROM (
                SELECT tags_id, {Ten} AS ten FROM readings WHERE {Window(p)} AND {Of(FleetOf(p))} GROUP BY tags_id, ten HAVING avg(velocity) > 1)
            GROUP BY tags_id) {Tags}
        GROUP BY name, driver HAVING sum(n) > {most}
        """;
}
