using System.Buffers.Binary;
using System.Text;

namespace Millrace.Benchmarks.Load;

/// <summary>
/// The few packets of MQTT 3.1.1 that a load generator sends, made by hand: a mistake in the server's own codec must not cancel itself out here.
/// </summary>
internal static class MqttPackets
{
    public const byte ConnackType = 0x20;
    public const byte PublishType = 0x30;
    public const byte PubackType = 0x40;
    public const byte PubrecType = 0x50;
    public const byte PubrelType = 0x62;
    public const byte PubcompType = 0x70;
    public const byte SubackType = 0x90;
    public const byte PingrespType = 0xD0;
    public const int AckLength = 4;

    /// <summary>In the first byte of a packet; the rest are flags.</summary>
    public const byte TypeMask = 0xF0;

    public static ReadOnlySpan<byte> Pingreq => [0xC0, 0x00];

    public static ReadOnlySpan<byte> Disconnect => [0xE0, 0x00];

    /// <summary>CONNECT with a clean session and no keep-alive: a connection that waits for its turn is not to be closed.</summary>
    public static byte[] Connect(string clientId)
    {
        var body = new List<byte>();
        AddText(body, "MQTT");
        body.AddRange([4, 0b10, 0, 0]); // level 3.1.1; clean session; keep-alive 0
        AddText(body, clientId);
        return Packet(0x10, body);
    }

    /// <summary>PUBLISH with an empty packet identifier at <paramref name="idAt"/>, which QoS 0 has not.</summary>
    public static byte[] Publish(string topic, int qos, byte[] payload, out int idAt)
    {
        var body = new List<byte>();
        AddText(body, topic);
        var idInBody = body.Count;
        if (qos > 0) body.AddRange([0, 0]);
        body.AddRange(payload);
        var packet = Packet((byte)(PublishType | (qos << 1)), body);
        idAt = packet.Length - body.Count + idInBody;
        return packet;
    }

    public static byte[] Subscribe(string filter, int qos)
    {
        var body = new List<byte> { 0, 1 };
        AddText(body, filter);
        body.Add((byte)qos);
        return Packet(0x82, body);
    }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    public static void WriteAck(Span<byte> target, byte type, ReadOnlySpan<byte> packetId)
    {
        target[0] = type;
        target[1] = 2;
        packetId[..2].CopyTo(target[2..]);
    }

    /// <summary>Of the packet at the front, its header too; 0 where that cannot be told yet.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes, out int bodyAt)
    {
        var length = 0;
        for (bodyAt = 1; bodyAt < bytes.Length && bodyAt <= 4;)
        {
            var part = bytes[bodyAt];
            length |= (part & 0x7F) << (7 * (bodyAt++ - 1));
            if (part <= 0x7F) return bodyAt + length;
        }

        return 0;
    }

    private static byte[] Packet(byte type, List<byte> body)
    {
        var packet = new List<byte> { type };
        var length = body.Count;
        do
        {
            packet.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        packet.AddRange(body);
        return [.. packet];
    }

    private static void AddText(List<byte> body, string text)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
        body.AddRange(length);
        body.AddRange(Encoding.ASCII.GetBytes(text));
    }
}
