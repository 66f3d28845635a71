using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Benchmarks.Rules.ByHand;

internal sealed class NestedArrayReader : HandWritten
{
    public override ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (!IsTelemetry(topic)) return default;
        var reader = new Utf8JsonReader(payload);
        ReadOnlySpan<byte> device = default;
        Begin();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("device"u8))
                device = Text(ref reader);
            else if (reader.ValueTextEquals("readings"u8))
                High(ref reader);
            else
                reader.Skip();
        }

        reader.Read();
        Writer.WriteString("device"u8, device);
        return End();
    }

    private void High(ref Utf8JsonReader reader)
    {
        Writer.WriteStartArray("high"u8);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            ReadOnlySpan<byte> raw = default;
            var (value, ok) = (0.0, false);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("value"u8))
                {
                    reader.Read();
                    value = reader.GetDouble();
                    raw = reader.ValueSpan;
                }
                else if (reader.ValueTextEquals("ok"u8))
                {
                    reader.Read();
                    ok = reader.GetBoolean();
                }
                else
                    reader.Skip();
            }

            if (value > 40 && ok) Writer.WriteRawValue(raw, skipInputValidation: true);
        }

        Writer.WriteEndArray();
    }
}

internal sealed class NestedArrayNode : HandWritten
{
    public override ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (!IsTelemetry(topic)) return default;
        var json = JsonNode.Parse(payload)!;
        Begin();
        Writer.WriteString("device"u8, (string)json["device"]!);
        Writer.WriteStartArray("high"u8);
        foreach (var reading in json["readings"]!.AsArray())
            if ((double)reading!["value"]! > 40 && (bool)reading["ok"]!) reading["value"]!.WriteTo(Writer);
        Writer.WriteEndArray();
        return End();
    }
}
