using Millrace.Server.Pipeline.Yaml;
using Millrace.Simulator;

namespace Millrace.Server.Pipeline;

/// <summary>One entry of <c>fleets:</c>. What it does not say is as its kind has it.</summary>
internal static class FleetReader
{
    public static Dictionary<string, FleetKind> Kinds { get; } = new()
    {
        ["cars"] = FleetKind.Cars,
        ["homes"] = FleetKind.Homes,
        ["wells"] = FleetKind.Wells,
    };

    public static FleetOptions Read(string name, Section section)
    {
        if (!section.Has("kind"))
            section.Problems.Add($"{section.Where}.kind", $"is missing; it is one of {string.Join(", ", Kinds.Keys)}", section.Node);
        var defaults = FleetOptions.For(name, section.Choice("kind", Kinds) ?? FleetKind.Cars);
        var fleet = defaults with
        {
            Devices = section.Whole("devices") ?? defaults.Devices,
            Interval = section.Duration("interval") ?? defaults.Interval,
            Seed = section.Whole("seed") ?? defaults.Seed,
            ClocksAhead = section.Share("clocksAhead") ?? defaults.ClocksAhead,
            Bursts = section.Share("bursts") ?? defaults.Bursts,
            Anomalies = section.Share("anomalies") ?? defaults.Anomalies,
            TripInterval = section.Duration("tripInterval") ?? defaults.TripInterval,
            TroubleInterval = section.Duration("troubleInterval") ?? defaults.TroubleInterval,
            Sites = section.Whole("sites") ?? defaults.Sites,
        };
        section.End();
        section.Problems.AddChecked(section.Where, fleet.Check());
        return fleet;
    }
}
