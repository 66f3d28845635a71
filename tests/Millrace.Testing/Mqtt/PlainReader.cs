using System.Text;
using Millrace.Mqtt;

namespace Millrace.Testing.Mqtt;

/// <summary>
/// A second reader of packets, to hold the first one against: written from the specification alone, slow, and sharing nothing with it but names.
/// </summary>
public static class PlainReader
{
    // Table 2-1.
    private static readonly string[] Names =
    [
        "", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP",
        "DISCONNECT", "AUTH",
    ];

    // The tables of reason codes in sections 3.2.2.2 to 3.15.2.1.
    private static readonly Dictionary<string, string> Codes = new()
    {
        ["CONNACK"] = "00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F",
        ["PUBACK"] = "00 10 80 83 87 90 91 97 99",
        ["PUBREC"] = "00 10 80 83 87 90 91 97 99",
        ["PUBREL"] = "00 92",
        ["PUBCOMP"] = "00 92",
        ["SUBACK"] = "00 01 02 80 83 87 8F 91 97 9E A1 A2",
        ["UNSUBACK"] = "00 11 80 83 87 8F 91",
        ["DISCONNECT"] = "00 04 80 81 82 83 87 89 8B 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1 A2",
        ["AUTH"] = "00 18 19",
    };

    // CONNACK of 3.1.1, table 3.1: the reason code of MQTT 5 that says the same.
    private static readonly int[] ReturnCodes = [0x00, 0x84, 0x85, 0x88, 0x86, 0x87];

    /// <summary>What a whole packet says, as <see cref="PacketText"/> says it; null where it is not valid.</summary>
    public static string? Read(byte first, byte[] body, ProtocolVersion version)
    {
        try
        {
            var bytes = new PlainBytes(body);
            var name = Names[first / 16];
            var text = name + " " + Body(bytes, name, first % 16, version == ProtocolVersion.V5);
            PlainBytes.Must(bytes.IsEmpty);
            return text.TrimEnd();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a packet may begin with this byte: table 2-2.</summary>
    public static bool IsFirstByte(byte first)
    {
        var flags = first % 16;
        return Names[first / 16] switch
        {
            "" => false,
            "PUBLISH" => (flags / 2 % 4) switch { 0 => flags < 8, 3 => false, _ => true },
            "PUBREL" or "SUBSCRIBE" or "UNSUBSCRIBE" => flags == 2,
            _ => flags == 0,
        };
    }

    private static string Body(PlainBytes bytes, string name, int flags, bool five)
    {
        switch (name)
        {
            case "CONNECT": return Connect(bytes);
            case "CONNACK": return ConnAck(bytes, five);
            case "PUBLISH": return Publish(bytes, flags, five);
            case "PUBACK" or "PUBREC" or "PUBREL" or "PUBCOMP": return $"#{PacketId(bytes)} {OptionalReason(bytes, name, five)}";
            case "SUBSCRIBE": return Subscribe(bytes, five);
            case "UNSUBSCRIBE": return Unsubscribe(bytes, five);
            case "SUBACK" or "UNSUBACK": return SubAck(bytes, name, five);
            case "DISCONNECT": return OptionalReason(bytes, name, five);
            case "AUTH":
                PlainBytes.Must(five);
                return bytes.IsEmpty ? "00 []" : $"{Reason(bytes, name)} {PlainProperties.Read(bytes, name)}";
            default: return "";
        }
    }

    private static string Connect(PlainBytes bytes)
    {
        PlainBytes.Must(Encoding.UTF8.GetString(bytes.Text()) == "MQTT");
        var level = bytes.Byte();
        PlainBytes.Must(level is 4 or 5);
        var five = level == 5;
        var flags = bytes.Byte();
        bool Bit(int bit) => (flags >> bit) % 2 == 1;
        var willQos = flags / 8 % 4;
        PlainBytes.Must(!Bit(0) && willQos < 3);
        PlainBytes.Must(Bit(2) || (willQos == 0 && !Bit(5)));
        PlainBytes.Must(five || Bit(7) || !Bit(6));
        var text = $"v{level} clean={Bit(1)} keep={bytes.Two()} {Properties(bytes, "CONNECT", five)} id={Convert.ToHexString(bytes.Text())}";
        if (Bit(2))
        {
            var properties = Properties(bytes, "Will", five);
            var topic = bytes.Text();
            PlainBytes.Must(PlainBytes.IsTopicName(topic));
            text += $" will q{willQos} retain={Bit(5)} {properties} {Convert.ToHexString(topic)} {Convert.ToHexString(bytes.Binary())}";
        }

        if (Bit(7)) text += $" user={Convert.ToHexString(bytes.Text())}";
        if (Bit(6)) text += $" password={Convert.ToHexString(bytes.Binary())}";
        return text;
    }

    private static string ConnAck(PlainBytes bytes, bool five)
    {
        var present = bytes.Byte();
        var code = bytes.Byte();
        PlainBytes.Must(present == 0 || (present == 1 && code == 0));
        if (!five)
        {
            PlainBytes.Must(code < ReturnCodes.Length);
            return $"present={present == 1} {ReturnCodes[code]:X2} []";
        }

        return $"present={present == 1} {Allowed(code, "CONNACK")} {PlainProperties.Read(bytes, "CONNACK")}";
    }

    private static string Publish(PlainBytes bytes, int flags, bool five)
    {
        var qos = flags / 2 % 4;
        var topic = bytes.Text();
        var id = qos == 0 ? 0 : PacketId(bytes);
        var properties = Properties(bytes, "PUBLISH", five);
        var hasAlias = properties.Contains("[23=", StringComparison.Ordinal) || properties.Contains(" 23=", StringComparison.Ordinal);
        PlainBytes.Must(topic.Length == 0 ? hasAlias : PlainBytes.IsTopicName(topic));
        return $"q{qos} #{id} dup={flags >= 8} retain={flags % 2 == 1} {Convert.ToHexString(topic)} {properties} {Convert.ToHexString(bytes.Rest())}";
    }

    private static string Subscribe(PlainBytes bytes, bool five)
    {
        var text = $"#{PacketId(bytes)} {Properties(bytes, "SUBSCRIBE", five)}";
        do
        {
            var filter = bytes.Text();
            var options = bytes.Byte();
            PlainBytes.Must(options % 4 < 3 && options / 16 % 4 < 3 && options < (five ? 64 : 4));
            var noLocal = options / 4 % 2 == 1;
            PlainBytes.Must(!noLocal || !Encoding.UTF8.GetString(filter).StartsWith("$share/", StringComparison.Ordinal));
            text += $" {Convert.ToHexString(filter)}:{options:X2}";
        }
        while (!bytes.IsEmpty);
        return text;
    }

    private static string Unsubscribe(PlainBytes bytes, bool five)
    {
        var text = $"#{PacketId(bytes)} {Properties(bytes, "UNSUBSCRIBE", five)}";
        do text += $" {Convert.ToHexString(bytes.Text())}";
        while (!bytes.IsEmpty);
        return text;
    }

    private static string SubAck(PlainBytes bytes, string name, bool five)
    {
        var text = $"#{PacketId(bytes)} {Properties(bytes, name, five)}";
        if (!five && name == "UNSUBACK") return text;
        do
        {
            var code = bytes.Byte();
            PlainBytes.Must(five || code is 0 or 1 or 2 or 0x80);
            text += " " + Allowed(code, name);
        }
        while (!bytes.IsEmpty);
        return text;
    }

    /// <summary>Sections 3.4.2.1 and 3.14.2.1: reason code and properties may be left out from the end.</summary>
    private static string OptionalReason(PlainBytes bytes, string name, bool five)
    {
        if (!five || bytes.IsEmpty) return "00 []";
        var reason = Reason(bytes, name);
        return bytes.IsEmpty ? $"{reason} []" : $"{reason} {PlainProperties.Read(bytes, name)}";
    }

    private static string Reason(PlainBytes bytes, string name) => Allowed(bytes.Byte(), name);

    private static string Allowed(int code, string name)
    {
        var text = $"{code:X2}";
        PlainBytes.Must(Codes[name].Split(' ').Contains(text));
        return text;
    }

    private static string Properties(PlainBytes bytes, string name, bool five) => five ? PlainProperties.Read(bytes, name) : "[]";

    private static int PacketId(PlainBytes bytes)
    {
        var id = bytes.Two();
        PlainBytes.Must(id > 0);
        return id;
    }
}
