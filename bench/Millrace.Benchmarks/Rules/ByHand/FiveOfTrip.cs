using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Benchmarks.Rules.ByHand;

internal sealed class FiveOfTripReader : HandWritten
{
    public override ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (!IsTelemetry(topic)) return default;
        ReadOnlySpan<byte> vin = default, ignition = default, trip = default, gear = default;
        var (speed, oil) = (0m, 0m);
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("vin"u8))
                vin = Text(ref reader);
            else if (reader.ValueTextEquals("ignition_status"u8))
                ignition = Text(ref reader);
            else if (reader.ValueTextEquals("trip_id"u8))
                trip = Text(ref reader);
            else if (reader.ValueTextEquals("transmission_gear_position"u8))
                gear = Text(ref reader);
            else if (reader.ValueTextEquals("vehicle_speed_mean"u8))
                speed = Decimal(ref reader);
            else if (reader.ValueTextEquals("oil_temp_mean"u8))
                oil = Decimal(ref reader);
            else
                reader.Skip();
        }

        reader.Read();
        Begin();
        Writer.WriteString("car"u8, vin);
        Writer.WriteNumber("kmh"u8, speed * 3.6m);
        Writer.WriteNumber("oil"u8, decimal.Floor((oil - 32) * 5 / 9));
        Span<byte> text = stackalloc byte[256];
        Ascii.ToUpper(ignition, text, out var length);
        Writer.WriteString("ignition"u8, text[..length]);
        trip.CopyTo(text);
        text[trip.Length] = (byte)':';
        gear.CopyTo(text[(trip.Length + 1)..]);
        Writer.WriteString("trip"u8, text[..(trip.Length + 1 + gear.Length)]);
        return End();
    }
}

internal sealed class FiveOfTripNode : HandWritten
{
    public override ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (!IsTelemetry(topic)) return default;
        var json = JsonNode.Parse(payload)!;
        Begin();
        Writer.WriteString("car"u8, (string)json["vin"]!);
        Writer.WriteNumber("kmh"u8, (decimal)json["vehicle_speed_mean"]! * 3.6m);
        Writer.WriteNumber("oil"u8, decimal.Floor(((decimal)json["oil_temp_mean"]! - 32) * 5 / 9));
        Writer.WriteString("ignition"u8, ((string)json["ignition_status"]!).ToUpperInvariant());
        Writer.WriteString("trip"u8, $"{(string)json["trip_id"]!}:{(string)json["transmission_gear_position"]!}");
        return End();
    }
}
