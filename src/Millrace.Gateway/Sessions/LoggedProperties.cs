using System.Buffers.Binary;
using System.Text;
using Millrace.Contracts.Records;

namespace Millrace.Gateway.Sessions;

/// <summary>
/// What the log keeps behind the MQTT properties of a message: who published it, where rules ask for that, and of a QoS 2 message its packet id, so that a
/// repetition after a crash is known as one.
/// </summary>
/// <remarks>
/// Both have the form of properties with ids that MQTT does not define, and the packet id stands last: whoever reads properties stops before it. Message and
/// packet id are one record, so that a crash leaves both or neither.
/// </remarks>
internal static class LoggedProperties
{
    public const int PacketIdSize = 3;

    private const byte PacketIdProperty = 0x7E;

    public static byte QosOf(RecordFlags flags) => flags.HasFlag(RecordFlags.Qos2) ? (byte)2 : flags.HasFlag(RecordFlags.Qos1) ? (byte)1 : (byte)0;

    public static RecordFlags FlagsOf(byte qos, bool retain) =>
        (qos == 0 ? RecordFlags.None : qos == 1 ? RecordFlags.Qos1 : RecordFlags.Qos2) | (retain ? RecordFlags.Retain : RecordFlags.None);

    /// <param name="properties">Of the message.</param>
    /// <param name="packetId">Of its PUBLISH; 0 for a will, which had none.</param>
    /// <param name="into">Large enough for both.</param>
    public static ReadOnlySpan<byte> WithPacketId(ReadOnlySpan<byte> properties, ushort packetId, Span<byte> into)
    {
        properties.CopyTo(into);
        into[properties.Length] = PacketIdProperty;
        BinaryPrimitives.WriteUInt16BigEndian(into[(properties.Length + 1)..], packetId);
        return into[..(properties.Length + PacketIdSize)];
    }

    /// <summary>What stands behind the properties of everything that a connection publishes.</summary>
    /// <param name="principal">Empty: nobody known.</param>
    /// <param name="address">Without port.</param>
    public static byte[] PublisherOf(string principal, string address)
    {
        var bytes = new List<byte>();
        foreach (var (id, text) in new[] { (MessageProperty.Principal, principal), (MessageProperty.SourceAddress, address) })
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            if (utf8.Length is > 0 and <= ushort.MaxValue) bytes.AddRange([id, (byte)(utf8.Length >> 8), (byte)utf8.Length, .. utf8]);
        }

        return [.. bytes];
    }

    /// <summary>The properties that subscribers get.</summary>
    public static ReadOnlySpan<byte> OfMessage(scoped in Record record)
    {
        if (record.Flags.HasFlag(RecordFlags.Publisher)) return record.Properties[..MessageProperties.MqttLength(record.Properties)];
        return TryGetPacketId(record, out _) ? record.Properties[..^PacketIdSize] : record.Properties;
    }

    public static bool TryGetPacketId(scoped in Record record, out ushort packetId)
    {
        packetId = 0;
        if (!record.Flags.HasFlag(RecordFlags.Qos2) || record.Properties.Length < PacketIdSize || record.Properties[^PacketIdSize] != PacketIdProperty) return false;
        packetId = BinaryPrimitives.ReadUInt16BigEndian(record.Properties[^2..]);
        return true;
    }
}
