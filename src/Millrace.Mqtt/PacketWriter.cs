using System.Buffers;
using System.Buffers.Binary;
using Millrace.Mqtt.Packets;

namespace Millrace.Mqtt;

/// <summary>Lays packets out in bytes. What is given is written as it is: the caller keeps to the rules that the readers check.</summary>
public static class PacketWriter
{
    /// <summary>A PUBACK that says Success, in either version.</summary>
    public const int PubAckSize = 4;

    public static void Write(IBufferWriter<byte> output, in ConnectPacket packet)
    {
        var five = packet.Version == ProtocolVersion.V5;
        var length = 10 + Size(packet.Properties, five) + Size(packet.ClientId)
            + (packet.HasWill ? Size(packet.WillProperties, five) + Size(packet.WillTopic) + Size(packet.WillPayload) : 0)
            + (packet.HasUserName ? Size(packet.UserName) : 0) + (packet.HasPassword ? Size(packet.Password) : 0);
        var writer = Begin(output, PacketType.Connect, 0, length);
        writer.Binary("MQTT"u8);
        writer.Byte((byte)packet.Version);
        writer.Byte((byte)((packet.CleanStart ? 2 : 0) | (packet.HasWill ? 4 : 0) | (packet.WillQos << 3) | (packet.WillRetain ? 0x20 : 0)
            | (packet.HasPassword ? 0x40 : 0) | (packet.HasUserName ? 0x80 : 0)));
        writer.UInt16(packet.KeepAlive);
        if (five) writer.Properties(packet.Properties);
        writer.Binary(packet.ClientId);
        if (packet.HasWill)
        {
            if (five) writer.Properties(packet.WillProperties);
            writer.Binary(packet.WillTopic);
            writer.Binary(packet.WillPayload);
        }

        if (packet.HasUserName) writer.Binary(packet.UserName);
        if (packet.HasPassword) writer.Binary(packet.Password);
        output.Advance(writer.Used);
    }

    public static void Write(IBufferWriter<byte> output, ProtocolVersion version, in ConnAckPacket packet)
    {
        var five = version == ProtocolVersion.V5;
        var writer = Begin(output, PacketType.ConnAck, 0, 2 + Size(packet.Properties, five));
        writer.Byte(packet.SessionPresent ? (byte)1 : (byte)0);
        writer.Byte(five ? (byte)packet.Reason : ReasonCodes.ToReturnCode(packet.Reason));
        if (five) writer.Properties(packet.Properties);
        output.Advance(writer.Used);
    }

    public static void Write(IBufferWriter<byte> output, ProtocolVersion version, in PublishPacket packet)
    {
        var head = SizeOfHead(version, packet);
        var flags = (packet.Retain ? 1 : 0) | (packet.Qos << 1) | (packet.Dup ? 8 : 0);
        var writer = Begin(output, PacketType.Publish, (byte)flags, head + packet.Payload.Length, head);
        writer.Binary(packet.Topic);
        if (packet.Qos > 0) writer.UInt16(packet.PacketId);
        if (version == ProtocolVersion.V5) writer.Properties(packet.Properties);
        output.Advance(writer.Used);
        output.Write(packet.Payload);
    }

    /// <summary>Bytes that the whole packet takes, to be held against the receiver's Maximum Packet Size.</summary>
    public static int SizeOf(ProtocolVersion version, in PublishPacket packet)
    {
        var length = SizeOfHead(version, packet) + packet.Payload.Length;
        return 1 + VarInt.SizeOf(length) + length;
    }

    public static void Write(IBufferWriter<byte> output, ProtocolVersion version, in AckPacket packet)
    {
        // Section 3.4.2.1: Success without properties may be left out, and in 3.1.1 there is nothing but the packet id.
        var hasReason = version == ProtocolVersion.V5 && (packet.Reason != ReasonCode.Success || !packet.Properties.IsEmpty);
        var hasProperties = hasReason && !packet.Properties.IsEmpty;
        var flags = packet.Type == PacketType.PubRel ? (byte)2 : (byte)0;
        var length = 2 + (hasReason ? 1 : 0) + Size(packet.Properties, hasProperties);
        var writer = Begin(output, packet.Type, flags, length);
        writer.UInt16(packet.PacketId);
        if (hasReason) writer.Byte((byte)packet.Reason);
        if (hasProperties) writer.Properties(packet.Properties);
        output.Advance(writer.Used);
    }

    /// <summary>A PUBACK that says Success, into a span of at least <see cref="PubAckSize"/> bytes.</summary>
    public static void WritePubAck(Span<byte> into, ushort packetId) =>
        BinaryPrimitives.WriteUInt32BigEndian(into, 0x40_02_00_00u | packetId);

    public static void Write(IBufferWriter<byte> output, ProtocolVersion version, in SubscribePacket packet)
    {
        var five = version == ProtocolVersion.V5;
        var list = packet.Subscriptions.Bytes;
        var writer = Begin(output, PacketType.Subscribe, 2, 2 + Size(packet.Properties, five) + list.Length);
        writer.UInt16(packet.PacketId);
        if (five) writer.Properties(packet.Properties);
        writer.Span(list);
        output.Advance(writer.Used);
    }

    public static void Write(IBufferWriter<byte> output, ProtocolVersion version, in UnsubscribePacket packet)
    {
        var five = version == ProtocolVersion.V5;
        var list = packet.Filters.Bytes;
        var writer = Begin(output, PacketType.Unsubscribe, 2, 2 + Size(packet.Properties, five) + list.Length);
        writer.UInt16(packet.PacketId);
        if (five) writer.Properties(packet.Properties);
        writer.Span(list);
        output.Advance(writer.Used);
    }

    public static void Write(IBufferWriter<byte> output, ProtocolVersion version, in SubAckPacket packet)
    {
        var five = version == ProtocolVersion.V5;
        var codes = five || packet.Type == PacketType.SubAck ? packet.Codes : default;
        var writer = Begin(output, packet.Type, 0, 2 + Size(packet.Properties, five) + codes.Length);
        writer.UInt16(packet.PacketId);
        if (five) writer.Properties(packet.Properties);
        foreach (var code in codes) writer.Byte(five || code < 0x80 ? code : (byte)0x80);
        output.Advance(writer.Used);
    }

    /// <summary>PINGREQ or PINGRESP.</summary>
    public static void WritePing(IBufferWriter<byte> output, PacketType type) => output.Advance(Begin(output, type, 0, 0).Used);

    public static void Write(IBufferWriter<byte> output, ProtocolVersion version, in DisconnectPacket packet) =>
        WriteReason(output, PacketType.Disconnect, packet.Reason, packet.Properties, version == ProtocolVersion.V5);

    public static void Write(IBufferWriter<byte> output, in AuthPacket packet) =>
        WriteReason(output, PacketType.Auth, packet.Reason, packet.Properties, five: true);

    private static void WriteReason(IBufferWriter<byte> output, PacketType type, ReasonCode reason, Properties properties, bool five)
    {
        var hasReason = five && (reason != ReasonCode.Success || !properties.IsEmpty);
        var writer = Begin(output, type, 0, hasReason ? 1 + Size(properties, five) : 0);
        if (hasReason)
        {
            writer.Byte((byte)reason);
            writer.Properties(properties);
        }

        output.Advance(writer.Used);
    }

    private static int SizeOfHead(ProtocolVersion version, in PublishPacket packet) =>
        Size(packet.Topic) + (packet.Qos > 0 ? 2 : 0) + Size(packet.Properties, version == ProtocolVersion.V5);

    private static int Size(ReadOnlySpan<byte> value) => 2 + value.Length;

    private static int Size(Properties properties, bool present) =>
        present ? VarInt.SizeOf(properties.Bytes.Length) + properties.Bytes.Length : 0;

    private static SpanWriter Begin(IBufferWriter<byte> output, PacketType type, byte flags, int length) =>
        Begin(output, type, flags, length, length);

    private static SpanWriter Begin(IBufferWriter<byte> output, PacketType type, byte flags, int length, int inThisSpan)
    {
        var writer = new SpanWriter(output.GetSpan(5 + inThisSpan));
        writer.Byte((byte)(((int)type << 4) | flags));
        writer.VarInt(length);
        return writer;
    }
}
