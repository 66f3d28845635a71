namespace Millrace.Simulator.Devices;

/// <summary>Diagnostic trouble codes of SAE J2012 that a driver may really meet.</summary>
internal static class TroubleCodes
{
    public static readonly string[] All =
    [
        "P0128", // coolant below the thermostat's temperature
        "P0171", // mixture too lean
        "P0217", // engine too hot
        "P0300", // random misfires
        "P0401", // too little exhaust gas recirculation
        "P0404", // exhaust gas recirculation out of range
        "P0420", // catalyst below efficiency
        "P0442", // small evaporative leak
        "P0500", // vehicle speed sensor
        "P0700", // transmission control
    ];
}
