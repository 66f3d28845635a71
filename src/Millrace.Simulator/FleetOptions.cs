using Millrace.Contracts;

namespace Millrace.Simulator;

/// <summary>A fleet, entirely: the same options and the same clock make the same messages.</summary>
public sealed record FleetOptions
{
    private const int MaxDevices = 20_000;

    /// <summary>How logs and summaries call it.</summary>
    public required string Name { get; init; }

    public required FleetKind Kind { get; init; }

    public int Devices { get; init; } = 10;

    /// <summary>Each device measures this often.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Chooses the devices, their names, their faults and everything they measure.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Share of devices whose clock is between five minutes and an hour ahead.</summary>
    public double ClocksAhead { get; init; }

    /// <summary>Share of devices that go offline for a minute or so, and then deliver at once what they measured.</summary>
    public double Bursts { get; init; }

    /// <summary>Share of devices that sometimes measure what they should not: an overheated engine, a heater that sticks, a leak.</summary>
    public double Anomalies { get; init; }

    /// <summary>Messages that a device keeps while it cannot deliver them; then the oldest is dropped, and counted.</summary>
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>Cars: from one trip aggregate to the next.</summary>
    public TimeSpan TripInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Cars: the mean time from one trouble code to the next, of one car while it drives.</summary>
    public TimeSpan TroubleInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Wells: the sensors are spread over so many.</summary>
    public int Sites { get; init; } = 4;

    /// <summary>A small fleet with the faults that its kind is there to show.</summary>
    public static FleetOptions For(string name, FleetKind kind) => kind switch
    {
        FleetKind.Cars => new() { Name = name, Kind = kind, Devices = 20, Anomalies = 0.1 },
        FleetKind.Homes => new() { Name = name, Kind = kind, Devices = 30, ClocksAhead = 0.1, Bursts = 0.1, Anomalies = 0.1 },
        _ => new() { Name = name, Kind = kind, Devices = 24, Interval = TimeSpan.FromSeconds(1), Anomalies = 0.15 },
    };

    public IEnumerable<Problem> Check()
    {
        if (Name.Length is 0 or > 64) yield return new("name", "must have between 1 and 64 characters");
        if (!Enum.IsDefined(Kind)) yield return new("kind", "must be cars, homes or wells");
        if (Devices is < 1 or > MaxDevices) yield return new("devices", $"must be from 1 to {MaxDevices}: each is a connection of its own");
        if (IsOutside(Interval, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1))) yield return new("interval", "must be from 10ms to 1d");
        if (!IsShare(ClocksAhead)) yield return new("clocksAhead", "must be from 0 to 1: the share of devices");
        if (!IsShare(Bursts)) yield return new("bursts", "must be from 0 to 1: the share of devices");
        if (!IsShare(Anomalies)) yield return new("anomalies", "must be from 0 to 1: the share of devices");
        if (MaxWaiting is < 100 or > 1_000_000) yield return new("maxWaiting", "must be from 100 to 1000000 messages");
        if (IsOutside(TripInterval, TimeSpan.FromSeconds(2), TimeSpan.FromDays(1))) yield return new("tripInterval", "must be from 2s to 1d");
        if (IsOutside(TroubleInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)))
            yield return new("troubleInterval", "must be from 1s to 365d");
        if (Sites is < 1 or > 1000) yield return new("sites", "must be from 1 to 1000");
    }

    private static bool IsShare(double value) => value is >= 0 and <= 1;

    private static bool IsOutside(TimeSpan value, TimeSpan least, TimeSpan most) => value < least || value > most;
}
