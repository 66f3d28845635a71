using Millrace.Contracts;

namespace Millrace.Server.Pipeline;

/// <summary>Simulated devices that run with the server and connect to it over MQTT.</summary>
public sealed record FleetOptions(string Name)
{
    /// <summary>cars, homes or wells.</summary>
    public required string Kind { get; init; }

    public int Devices { get; init; } = 10;

    /// <summary>Between two messages of one device.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same seed makes the same fleet.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["cars", "homes", "wells"];

    public IEnumerable<Problem> Check()
    {
        if (!Kinds.Contains(Kind)) yield return new("kind", $"must be one of {string.Join(", ", Kinds)}");
        if (Devices is < 1 or > 100_000) yield return new("devices", "must be from 1 to 100000");
        if (Interval < TimeSpan.FromMilliseconds(10)) yield return new("interval", "must be at least 10ms");
    }
}
