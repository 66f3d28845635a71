namespace Millrace.Simulator;

/// <summary>What the devices of a fleet are, and so what they measure.</summary>
public enum FleetKind
{
    /// <summary>One attribute a message to <c>dt/cars/{vin}/telemetry</c>, trip aggregates, rare trouble codes; obeys STOP.</summary>
    Cars,

    /// <summary>Meters with several measures in one event, to <c>dt/homes/{DeviceID}/measures</c>.</summary>
    Homes,

    /// <summary>Methane sensors on several sites, to <c>dt/wells/{site}/{sensor}/methane</c>.</summary>
    Wells,
}
