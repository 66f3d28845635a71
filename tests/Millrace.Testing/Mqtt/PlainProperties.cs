namespace Millrace.Testing.Mqtt;

/// <summary>Table 2-4 of MQTT 5, copied line by line: where each property may stand and how it is encoded.</summary>
internal static class PlainProperties
{
    private const string Everywhere = "CONNECT CONNACK PUBLISH Will PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK DISCONNECT AUTH";

    private static readonly Dictionary<int, (string Kind, string Packets)> Table = new()
    {
        [0x01] = ("bit", "PUBLISH Will"),
        [0x02] = ("four", "PUBLISH Will"),
        [0x03] = ("text", "PUBLISH Will"),
        [0x08] = ("topic", "PUBLISH Will"),
        [0x09] = ("binary", "PUBLISH Will"),
        [0x0B] = ("varint, not 0", "PUBLISH SUBSCRIBE"),
        [0x11] = ("four", "CONNECT CONNACK DISCONNECT"),
        [0x12] = ("text", "CONNACK"),
        [0x13] = ("two", "CONNACK"),
        [0x15] = ("text", "CONNECT CONNACK AUTH"),
        [0x16] = ("binary", "CONNECT CONNACK AUTH"),
        [0x17] = ("bit", "CONNECT"),
        [0x18] = ("four", "Will"),
        [0x19] = ("bit", "CONNECT"),
        [0x1A] = ("text", "CONNACK"),
        [0x1C] = ("text", "CONNACK DISCONNECT"),
        [0x1F] = ("text", "CONNACK PUBACK PUBREC PUBREL PUBCOMP SUBACK UNSUBACK DISCONNECT AUTH"),
        [0x21] = ("two, not 0", "CONNECT CONNACK"),
        [0x22] = ("two", "CONNECT CONNACK"),
        [0x23] = ("two, not 0", "PUBLISH"),
        [0x24] = ("bit", "CONNACK"),
        [0x25] = ("bit", "CONNACK"),
        [0x26] = ("pair", Everywhere),
        [0x27] = ("four, not 0", "CONNECT CONNACK"),
        [0x28] = ("bit", "CONNACK"),
        [0x29] = ("bit", "CONNACK"),
        [0x2A] = ("bit", "CONNACK"),
    };

    /// <summary>Reads the properties of a packet, or of the will in one, as text.</summary>
    public static string Read(PlainBytes bytes, string packet)
    {
        var rest = new PlainBytes(bytes.Take(bytes.VarInt()));
        var seen = new List<int>();
        var text = new List<string>();
        while (!rest.IsEmpty)
        {
            var id = rest.Byte();
            PlainBytes.Must(Table.TryGetValue(id, out var line) && line.Packets.Split(' ').Contains(packet));
            var mayRepeat = id == 0x26 || (id == 0x0B && packet == "PUBLISH");
            PlainBytes.Must(mayRepeat || !seen.Contains(id));
            seen.Add(id);
            text.Add($"{id:X2}={Value(rest, line.Kind)}");
        }

        // Section 3.1.2.11.10.
        PlainBytes.Must(!seen.Contains(0x16) || seen.Contains(0x15));
        return $"[{string.Join(' ', text)}]";
    }

    private static string Value(PlainBytes rest, string kind)
    {
        switch (kind)
        {
            case "text" or "binary" or "topic":
                var bytes = kind == "binary" ? rest.Binary() : rest.Text();
                PlainBytes.Must(kind != "topic" || PlainBytes.IsTopicName(bytes));
                return Convert.ToHexString(bytes);
            case "pair":
                return Convert.ToHexString(rest.Text()) + ":" + Convert.ToHexString(rest.Text());
            default:
                var number = kind.Split(',')[0] switch
                {
                    "bit" => rest.Byte(),
                    "two" => rest.Two(),
                    "four" => ((long)rest.Two() << 16) + rest.Two(),
                    _ => rest.VarInt(),
                };
                PlainBytes.Must(!kind.EndsWith("not 0", StringComparison.Ordinal) || number != 0);
                PlainBytes.Must(kind != "bit" || number <= 1);
                return number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
