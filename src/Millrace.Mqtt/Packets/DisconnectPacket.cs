namespace Millrace.Mqtt.Packets;

/// <summary>DISCONNECT (section 3.14): the last packet. In 3.1.1 only a client sends it, and it says nothing.</summary>
public readonly ref struct DisconnectPacket
{
    public ReasonCode Reason { get; init; }

    public Properties Properties { get; init; }

    /// <returns>Success, or why the connection is to be closed.</returns>
    public static ReasonCode Read(in Packet packet, ProtocolVersion version, out DisconnectPacket disconnect)
    {
        disconnect = default;
        var reader = new SpanReader(packet.Body);

        // Section 3.14.2.1: no reason code is a normal disconnection; section 3.14.2.2.1: no length is no properties.
        byte code = 0;
        Properties properties = default;
        if (version == ProtocolVersion.V5 && reader.TryByte(out code))
        {
            if (!ReasonCodes.IsAllowed(PacketType.Disconnect, code)) return ReasonCode.MalformedPacket;
            if (!reader.IsEmpty)
            {
                var reason = Properties.Read(ref reader, PacketType.Disconnect, out properties);
                if (reason != ReasonCode.Success) return reason;
            }
        }

        if (!reader.IsEmpty) return ReasonCode.MalformedPacket;
        disconnect = new DisconnectPacket { Reason = (ReasonCode)code, Properties = properties };
        return ReasonCode.Success;
    }
}
