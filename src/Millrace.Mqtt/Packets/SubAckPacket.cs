namespace Millrace.Mqtt.Packets;

/// <summary>SUBACK and UNSUBACK (sections 3.9 and 3.11): one reason code for each filter, in their order.</summary>
public readonly ref struct SubAckPacket
{
    /// <summary>SubAck or UnsubAck.</summary>
    public PacketType Type { get; init; }

    public ushort PacketId { get; init; }

    public Properties Properties { get; init; }

    /// <summary>One <see cref="ReasonCode"/> a byte. An UNSUBACK of 3.1.1 has none.</summary>
    public ReadOnlySpan<byte> Codes { get; init; }

    /// <returns>Success, or why the connection is to be closed.</returns>
    public static ReasonCode Read(in Packet packet, ProtocolVersion version, out SubAckPacket subAck)
    {
        subAck = default;
        var reader = new SpanReader(packet.Body);
        if (!reader.TryUInt16(out var packetId) || packetId == 0) return ReasonCode.MalformedPacket;
        Properties properties = default;
        if (version == ProtocolVersion.V5)
        {
            var reason = Properties.Read(ref reader, packet.Type, out properties);
            if (reason != ReasonCode.Success) return reason;
        }

        var hasCodes = version == ProtocolVersion.V5 || packet.Type == PacketType.SubAck;
        if (hasCodes == reader.IsEmpty) return ReasonCode.MalformedPacket;
        foreach (var code in reader.Rest)
        {
            // [MQTT-3.9.3-2] of 3.1.1: the granted QoS or 0x80, nothing else.
            var allowed = version == ProtocolVersion.V5 ? ReasonCodes.IsAllowed(packet.Type, code) : code is <= 2 or 0x80;
            if (!allowed) return ReasonCode.MalformedPacket;
        }

        subAck = new SubAckPacket { Type = packet.Type, PacketId = packetId, Properties = properties, Codes = reader.Rest };
        return ReasonCode.Success;
    }
}
