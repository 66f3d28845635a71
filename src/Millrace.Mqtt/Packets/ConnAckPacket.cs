namespace Millrace.Mqtt.Packets;

/// <summary>CONNACK (section 3.2): the server's answer to CONNECT.</summary>
public readonly ref struct ConnAckPacket
{
    public bool SessionPresent { get; init; }

    /// <summary>In 3.1.1 written as, and read from, the nearest return code.</summary>
    public ReasonCode Reason { get; init; }

    public Properties Properties { get; init; }

    /// <returns>Success, or why the connection is to be closed.</returns>
    public static ReasonCode Read(in Packet packet, ProtocolVersion version, out ConnAckPacket connAck)
    {
        connAck = default;
        var reader = new SpanReader(packet.Body);
        if (!reader.TryByte(out var flags) || !reader.TryByte(out var code)) return ReasonCode.MalformedPacket;

        // [MQTT-3.2.2-1] Bits 7 to 1 are reserved; [MQTT-3.2.2-6] no session is present in a refusal.
        if (flags > 1 || (code != 0 && flags != 0)) return ReasonCode.MalformedPacket;

        Properties properties = default;
        if (version == ProtocolVersion.V5)
        {
            if (!ReasonCodes.IsAllowed(PacketType.ConnAck, code)) return ReasonCode.MalformedPacket;
            var reason = Properties.Read(ref reader, PacketType.ConnAck, out properties);
            if (reason != ReasonCode.Success) return reason;
        }
        else if (code > 5)
        {
            return ReasonCode.MalformedPacket;
        }

        if (!reader.IsEmpty) return ReasonCode.MalformedPacket;
        connAck = new ConnAckPacket
        {
            SessionPresent = flags == 1,
            Reason = version == ProtocolVersion.V5 ? (ReasonCode)code : ReasonCodes.FromReturnCode(code),
            Properties = properties,
        };
        return ReasonCode.Success;
    }
}
