using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Benchmarks.Rules.ByHand;

internal sealed class SelectAllReader(string field) : HandWritten
{
    private readonly byte[] _field = Encoding.UTF8.GetBytes(field);

    public override ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (!IsTelemetry(topic)) return default;
        var reader = new Utf8JsonReader(payload);
        var fires = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = reader.ValueTextEquals(_field);
            reader.Read();
            if (wanted)
                fires = reader.TokenType == JsonTokenType.Number && reader.GetDouble() > 40;
            else
                reader.Skip();
        }

        // What stands behind the object, so that the whole payload is checked.
        reader.Read();
        return fires ? payload : default;
    }
}

internal sealed class SelectAllNode(string field) : HandWritten
{
    public override ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (!IsTelemetry(topic)) return default;
        var json = JsonNode.Parse(payload)!;
        return json[field]!.GetValue<double>() > 40 ? payload : default;
    }
}
