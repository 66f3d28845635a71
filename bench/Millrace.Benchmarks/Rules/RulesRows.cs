using Millrace.Benchmarks.Rules.ByHand;

namespace Millrace.Benchmarks.Rules;

/// <summary>Every row of the report, in its order. Not listed here: is not measured.</summary>
internal static class RulesRows
{
    /// <summary>The rows whose times are compared with each other.</summary>
    public const string OneRule = "rules-1", ThousandRules = "rules-1000";

    public static IReadOnlyList<RuleRow> All { get; } =
    [
        new("select-all", "SELECT * … WHERE value > 40", "SELECT * FROM 'dt/#' WHERE value > 40", 0, Messages.Telemetry,
            static () => new SelectAllReader("value"), static () => new SelectAllNode("value")),
        new("select-all-trip", "the same, payload of 800 bytes", "SELECT * FROM 'dt/#' WHERE fuel_level > 40", 0, Messages.Trips,
            static () => new SelectAllReader("fuel_level"), static () => new SelectAllNode("fuel_level")),
        new("five-fields", "five fields renamed, two computed",
            "SELECT vin AS car, upper(name) AS measure, value * 1.8 + 32 AS fahrenheit, concat(trip_id, '/', name) AS trip, timestamp AS at FROM 'dt/#'",
            0, Messages.Telemetry, static () => new FiveFieldsReader(), static () => new FiveFieldsNode()),
        new("five-of-trip", "five of 23 fields, four computed",
            "SELECT vin AS car, vehicle_speed_mean * 3.6 AS kmh, floor((oil_temp_mean - 32) * 5 / 9) AS oil, upper(ignition_status) AS ignition, "
            + "concat(trip_id, ':', transmission_gear_position) AS trip FROM 'dt/#'",
            0, Messages.Trips, static () => new FiveOfTripReader(), static () => new FiveOfTripNode()),
        new("nested-array", "nested SELECT over ten readings",
            "SELECT device, (SELECT VALUE r.value FROM readings AS r WHERE r.value > 40 AND r.ok) AS high FROM 'dt/#'",
            0, Messages.Readings, static () => new NestedArrayReader(), static () => new NestedArrayNode()),
        Many(OneRule, 1),
        Many("rules-10", 10),
        Many(ThousandRules, 1000),
    ];

    /// <summary>By hand there is only the one that matches: nothing has to be found.</summary>
    private static RuleRow Many(string name, int count) => new(
        name, count == 1 ? "1 rule" : $"{count:N0} rules, one of which matches", "SELECT * FROM 'dt/cars/+/telemetry' WHERE value > 40", count - 1,
        Messages.Telemetry, static () => new SelectAllReader("value"), static () => new SelectAllNode("value"));
}
