using Millrace.Benchmarks.Series.Data;

namespace Millrace.Benchmarks.Series.Questions;

/// <summary>As much as InfluxQL can say: it compares no aggregate with tags, joins nothing, and takes a missing value for no value at all. The client does the rest.</summary>
internal static class InfluxQl
{
    private const int DaySeconds = 86_400;

    public static string? WhyNot(Question question) => question.Name switch
    {
        "daily-activity" or "breakdown-frequency" => "it counts rows, and InfluxDB counts values: of rows that lack one it cannot tell how many there are",
        _ => null,
    };

    public static InfluxQuery Of(Question question, Parameters p) => question.Name switch
    {
        "one-last-loc" or "single-last-loc" => LastLoc(string.Join(" OR ", p.Trucks.Select(static t => $"\"name\" = '{t}'"))),
        "last-loc" => LastLoc(FleetOf(p)),

        // All three columns: a row that lacks a value is there by the others.
        "low-fuel" => LastDiagnostics(p, 1, static (fuel, _) => fuel < 0.1),
        "high-load" => LastDiagnostics(p, 2, static (load, series) => load / series.NumberTag("load_capacity") > 0.9),
        "truck-rows" => new(
            $"""
            SELECT latitude, longitude, elevation, velocity, heading, grade, fuel_consumption FROM readings
            WHERE "name" = {p.TruckList} AND {Window(p)}
            """,
            static all => all.SelectMany(static s => s.Rows).Select(static row => Enumerable.Range(0, 8)
                .Select(c => c == 0 ? row[0].GetInt64() : (object?)InfluxSeries.Number(row, c)).ToArray())),
        "stationary-trucks" => new(
            $"""SELECT mean(velocity) FROM readings WHERE {Window(p)} AND {FleetOf(p)} GROUP BY "name", driver""",
            static all => from s in all where InfluxSeries.Number(s.Rows.Single(), 1) < 1 select Truck(s)),
        "long-driving-sessions" => LongSessions(p, QuestionList.ShortSessions),
        "long-daily-sessions" => LongSessions(p, QuestionList.DaySessions),
        "avg-vs-projected-fuel-consumption" => new(
            """
            SELECT sum(fuel_consumption), count(fuel_consumption), count(velocity) FROM readings
            WHERE velocity > 1 AND "name" != '' AND fleet != '' AND nominal_fuel_consumption != '' GROUP BY fleet, nominal_fuel_consumption
            """,
            Fuel),
        "avg-daily-driving-duration" => new(
            $"""
            SELECT count(v) FROM (SELECT mean(velocity) AS v FROM readings WHERE {All(p)} GROUP BY time(10m), * fill(none))
            WHERE v > 1 AND {All(p)} GROUP BY time(1d), * fill(none)
            """,
            static all => from s in all
                          from row in s.Rows
                          group row[1].GetInt64() / 6 by (Fleet: s.Tag("fleet"), Name: s.Tag("name"), Driver: s.Tag("driver")) into days
                          select new object?[] { days.Key.Fleet, days.Key.Name, days.Key.Driver, days.Average() }),

        // The count is only to see buckets without any velocity.
        "avg-daily-driving-session" => new(
            $"""SELECT mean(velocity), count(latitude) FROM readings WHERE {All(p)} AND "name" != '' GROUP BY time(10m), * fill(none)""",
            Sessions),
        "avg-load" => new(
            """SELECT mean(current_load), count(fuel_state) FROM "diagnostics" WHERE "name" != '' GROUP BY *""",
            static all => from s in all
                          group InfluxSeries.Number(s.Rows.Single(), 1) / s.NumberTag("load_capacity")
                              by (Fleet: s.Tag("fleet"), Model: s.Tag("model"), Capacity: s.NumberTag("load_capacity")) into shares
                          select new object?[] { shares.Key.Fleet, shares.Key.Model, shares.Key.Capacity, shares.Average() }),
        _ => throw new ArgumentOutOfRangeException(nameof(question), question.Name, "has no words"),
    };

    private static string Window(Parameters p) => $"time >= {p.From}s AND time < {p.To}s";

    private static string All(Parameters p) => $"time >= {p.Shape.StartSeconds}s AND time < {DataShape.EndSeconds}s";

    private static string FleetOf(Parameters p) => $"\"name\" != '' AND fleet = '{p.Fleet}'";

    private static object?[] Truck(InfluxSeries series) => [series.Tag("name"), series.Tag("driver")];

    private static InfluxQuery LastLoc(string which) => new(
        $"SELECT longitude, latitude FROM readings WHERE {which} GROUP BY * ORDER BY time DESC LIMIT 1",
        static all => from s in all
                      from row in s.Rows
                      select new object?[] { s.Tag("name"), s.Tag("driver"), InfluxSeries.Number(row, 1), InfluxSeries.Number(row, 2) });

    private static InfluxQuery LastDiagnostics(Parameters p, int column, Func<double?, InfluxSeries, bool> isWanted) => new(
        $"SELECT fuel_state, current_load, status FROM \"diagnostics\" WHERE {FleetOf(p)} GROUP BY * ORDER BY time DESC LIMIT 1",
        all => from s in all
               let value = InfluxSeries.Number(s.Rows.Single(), column)
               where isWanted(value, s)
               select new object?[] { s.Tag("name"), s.Tag("driver"), value });

    // The first step begins before the window, so that a SELECT around this one could not be asked for the same window.
    private static InfluxQuery LongSessions(Parameters p, int most) => new(
        $"SELECT mean(velocity) FROM readings WHERE {Window(p)} AND {FleetOf(p)} GROUP BY time(10m), * fill(none)",
        all => from s in all
               group s.Rows.Count(static row => InfluxSeries.Number(row, 1) > 1) by (Name: s.Tag("name"), Driver: s.Tag("driver")) into trucks
               where trucks.Sum() > most
               select new object?[] { trucks.Key.Name, trucks.Key.Driver });

    private static IEnumerable<object?[]> Fuel(IEnumerable<InfluxSeries> all) =>
        from s in all
        let row = s.Rows.Single()
        group (Sum: row[1].GetDouble(), Count: row[2].GetDouble(), Rows: row[3].GetDouble(), Nominal: s.NumberTag("nominal_fuel_consumption")) by s.Tag("fleet") into fleet
        select new object?[]
        {
            fleet.Key,
            fleet.Sum(static g => g.Sum) / fleet.Sum(static g => g.Count),
            fleet.Sum(static g => g.Nominal * g.Rows) / fleet.Sum(static g => g.Rows),
        };

    private static IEnumerable<object?[]> Sessions(IEnumerable<InfluxSeries> all)
    {
        var days = new Dictionary<(string? Name, long Day), (double Seconds, int Count)>();
        foreach (var series in all)
        {
            (long Start, bool Driving)? open = null;
            bool? was = null;
            foreach (var row in series.Rows)
            {
                var driving = InfluxSeries.Number(row, 1) is { } velocity ? velocity > 5 : (bool?)null;
                if (driving is { } now && was is { } before && now != before)
                {
                    var at = row[0].GetInt64();
                    if (open is { Driving: true } session) Add(series, session.Start, at - session.Start, 1);
                    open = (at, now);
                }

                was = driving;
            }

            if (open is { Driving: true } last) Add(series, last.Start, 0, 0);
        }

        return days.Select(static d => new object?[] { d.Key.Name, d.Key.Day, d.Value.Count == 0 ? null : d.Value.Seconds / d.Value.Count });

        void Add(InfluxSeries series, long start, long seconds, int count)
        {
            var key = (series.Tag("name"), start / DaySeconds * DaySeconds);
            var so = days.GetValueOrDefault(key);
            days[key] = (so.Seconds + seconds, so.Count + count);
        }
    }
}
