using System.Text.Json;
using Millrace.Simulator;
using Millrace.Simulator.Devices;

namespace Millrace.Tests.Simulator;

/// <summary>The real messages that the devices imitate, and ways to look at what they made.</summary>
internal static class Payloads
{
    public const string CarTelemetry =
        """{"name":"speed","value":47.4,"vin":"1NXBR32E84Z995078","trip_id":"799fc110-fee2-43b2-a6ed-a504fa77931a","timestamp":"2018-02-15 08:20:18.000000000"}""";

    public const string CarTrouble =
        """{"timestamp":"2021-03-06 08:14:33.087000000","trip_id":"a4c55e6e-a7eb-4c3e-b0a0-dfcace119e03","vin":"MQYK4Z8WGTJDFDA05","name":"dtc","value":"P0404"}""";

    public const string CarTrip =
        """{"vehicle_speed_mean":64.10065503146477,"engine_speed_mean":3077.59476197646,"torque_at_transmission_mean":210.70915084517395,"oil_temp_mean":237.417022870719,"accelerator_pedal_position_mean":28.819512721817887,"brake_mean":4.268754736044446,"high_speed_duration":0,"high_acceleration_event":3,"high_braking_event":0,"idle_duration":75323,"start_time":"2021-03-06T07:40:02.454Z","ignition_status":"run","brake_pedal_status":false,"transmission_gear_position":"fifth","odometer":35.27425650210172,"fuel_level":97.7129231345363,"fuel_consumed_since_restart":0.9155057461854811,"latitude":38.938734,"longitude":-77.269385,"timestamp":"2021-03-06 08:13:04.981000000","trip_id":"c6bacef5-1bfc-4a72-8261-6c1272772f13","vin":"5JO226H6QR3J3T7TI","name":"aggregated_telemetrics"}""";

    public const string Home =
        """{"Time":1609757175225.499,"DeviceID":"12345678-9012-3456-7890-123456789012","temperature_measure":11.2,"humidity_measure":33.4,"voltage_measure":55.6,"watt_measure":777.8}""";

    public static readonly DateTimeOffset Morning = new(2025, 6, 2, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Names in order, each with the kind of its value; true and false are one kind.</summary>
    public static string[] Shape(JsonElement json) =>
    [
        .. json.EnumerateObject().Select(static p => $"{p.Name}: {(p.Value.ValueKind == JsonValueKind.True ? JsonValueKind.False : p.Value.ValueKind)}"),
    ];

    public static string[] Shape(string sample) => Shape(Parse(sample));

    public static JsonElement Parse(string json) => JsonElement.Parse(json);

    public static JsonElement Parse(DeviceMessage message) => JsonElement.Parse(message.Payload);

    public static double Number(this JsonElement json, string name) => json.GetProperty(name).GetDouble();

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>What a device sends while the clock goes from one time to another.</summary>
    public static List<DeviceMessage> Between(this IDevice device, DateTimeOffset from, DateTimeOffset to, TimeSpan interval)
    {
        var messages = new List<DeviceMessage>();
        for (var now = from; now < to; now += interval) device.Measure(now, messages);
        return messages;
    }

    public static FleetOptions Options(FleetKind kind) => new() { Name = "some", Kind = kind };
}
