using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Benchmarks.Rules.ByHand;

/// <summary>Decimals, because with doubles the outputs would differ from the rule's in their last digits.</summary>
internal sealed class FiveFieldsReader : HandWritten
{
    public override ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (!IsTelemetry(topic)) return default;
        ReadOnlySpan<byte> vin = default, name = default, trip = default, timestamp = default;
        var value = 0m;
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("vin"u8))
                vin = Text(ref reader);
            else if (reader.ValueTextEquals("name"u8))
                name = Text(ref reader);
            else if (reader.ValueTextEquals("trip_id"u8))
                trip = Text(ref reader);
            else if (reader.ValueTextEquals("timestamp"u8))
                timestamp = Text(ref reader);
            else if (reader.ValueTextEquals("value"u8))
                value = Decimal(ref reader);
            else
                reader.Skip();
        }

        reader.Read();
        Begin();
        Writer.WriteString("car"u8, vin);
        Span<byte> text = stackalloc byte[256];
        Ascii.ToUpper(name, text, out var length);
        Writer.WriteString("measure"u8, text[..length]);
        Writer.WriteNumber("fahrenheit"u8, (value * 1.8m) + 32);
        trip.CopyTo(text);
        text[trip.Length] = (byte)'/';
        name.CopyTo(text[(trip.Length + 1)..]);
        Writer.WriteString("trip"u8, text[..(trip.Length + 1 + name.Length)]);
        Writer.WriteString("at"u8, timestamp);
        return End();
    }
}

internal sealed class FiveFieldsNode : HandWritten
{
    public override ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (!IsTelemetry(topic)) return default;
        var json = JsonNode.Parse(payload)!;
        var name = (string)json["name"]!;
        Begin();
        Writer.WriteString("car"u8, (string)json["vin"]!);
        Writer.WriteString("measure"u8, name.ToUpperInvariant());
        Writer.WriteNumber("fahrenheit"u8, ((decimal)json["value"]! * 1.8m) + 32);
        Writer.WriteString("trip"u8, $"{(string)json["trip_id"]!}/{name}");
        Writer.WriteString("at"u8, (string)json["timestamp"]!);
        return End();
    }
}
