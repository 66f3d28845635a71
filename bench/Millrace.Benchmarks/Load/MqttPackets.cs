using System.Buffers.Binary;
using System.Text;

namespace Millrace.Benchmarks.Load;

/// <summary>
/// The few packets of MQTT 3.1.1 that a load generator sends, made by hand: a mistake in the server's own codec must not cancel itself out here.
/// </summary>
internal static class MqttPackets
{
    public const byte ConnackType = 0x20;
    public const byte PubackType = 0x40;
    public const int ConnackLength = 4;
    public const int PubackLength = 4;

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

    /// <summary>PUBLISH with QoS 1 and an empty packet identifier at <paramref name="idAt"/>.</summary>
    public static byte[] Publish(string topic, byte[] payload, out int idAt)
    {
        var body = new List<byte>();
        AddText(body, topic);
        var idInBody = body.Count;
        body.AddRange([0, 0]);
        body.AddRange(payload);
        var packet = Packet(0x32, body);
        idAt = packet.Length - body.Count + idInBody;
        return packet;
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
