namespace Millrace.Simulator;

/// <summary>Who is in a fleet, and what is wrong with whom: the answers against which a platform's findings are marked.</summary>
/// <param name="Name">Of the fleet.</param>
/// <param name="Kind">Of its devices.</param>
/// <param name="Devices">Client ids, each also the device's name.</param>
/// <param name="Faults">At most one a device, unless there are more faults than devices.</param>
public sealed record FleetSummary(string Name, FleetKind Kind, IReadOnlyList<string> Devices, IReadOnlyList<DeviceFault> Faults)
{
    /// <summary>A line for the fleet and one for each fault.</summary>
    public override string ToString() =>
        string.Join(Environment.NewLine, [$"{Name}: {Devices.Count} {Kind.ToString().ToLowerInvariant()}", .. Faults.Select(static f => $"  {f}")]);
}
