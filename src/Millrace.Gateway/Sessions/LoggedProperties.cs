using System.Buffers.Binary;
using Millrace.Contracts.Records;

namespace Millrace.Gateway.Sessions;

/// <summary>What the log keeps behind the MQTT properties of a QoS 2 message: its packet id, so that a repetition after a crash is known as one.</summary>
/// <remarks>
/// It has the form of a property with an id that MQTT does not define, and stands last: whoever reads properties stops before it. Message and packet
/// id are one record, so that a crash leaves both or neither.
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

    /// <summary>The properties that subscribers get.</summary>
    public static ReadOnlySpan<byte> OfMessage(scoped in Record record) =>
        TryGetPacketId(record, out _) ? record.Properties[..^PacketIdSize] : record.Properties;

    public static bool TryGetPacketId(scoped in Record record, out ushort packetId)
    {
        packetId = 0;
        if (!record.Flags.HasFlag(RecordFlags.Qos2) || record.Properties.Length < PacketIdSize || record.Properties[^PacketIdSize] != PacketIdProperty) return false;
        packetId = BinaryPrimitives.ReadUInt16BigEndian(record.Properties[^2..]);
        return true;
    }
}
