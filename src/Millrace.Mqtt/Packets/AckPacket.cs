namespace Millrace.Mqtt.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7), which have one form.</summary>
public readonly ref struct AckPacket
{
    public PacketType Type { get; init; }

    public ushort PacketId { get; init; }

    /// <summary>Success always in 3.1.1.</summary>
    public ReasonCode Reason { get; init; }

    public Properties Properties { get; init; }

    /// <returns>Success, or why the connection is to be closed.</returns>
    public static ReasonCode Read(in Packet packet, ProtocolVersion version, out AckPacket ack)
    {
        ack = default;
        var reader = new SpanReader(packet.Body);
        if (!reader.TryUInt16(out var packetId) || packetId == 0) return ReasonCode.MalformedPacket;

        // Section 3.4.2.1: without a reason code it is Success; with nothing after the reason code there are no properties.
        byte code = 0;
        Properties properties = default;
        if (version == ProtocolVersion.V5 && reader.TryByte(out code))
        {
            if (!ReasonCodes.IsAllowed(packet.Type, code)) return ReasonCode.MalformedPacket;
            if (!reader.IsEmpty)
            {
                var reason = Properties.Read(ref reader, packet.Type, out properties);
                if (reason != ReasonCode.Success) return reason;
            }
        }

        if (!reader.IsEmpty) return ReasonCode.MalformedPacket;
        ack = new AckPacket { Type = packet.Type, PacketId = packetId, Reason = (ReasonCode)code, Properties = properties };
        return ReasonCode.Success;
    }
}
