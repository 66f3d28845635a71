namespace Millrace.Mqtt.Packets;

/// <summary>AUTH (section 3.15): enhanced authentication of MQTT 5.</summary>
public readonly ref struct AuthPacket
{
    public ReasonCode Reason { get; init; }

    public Properties Properties { get; init; }

    /// <returns>Success, or why the connection is to be closed.</returns>
    public static ReasonCode Read(in Packet packet, ProtocolVersion version, out AuthPacket auth)
    {
        auth = default;

        // Packet type 15 is reserved in 3.1.1.
        if (version != ProtocolVersion.V5) return ReasonCode.MalformedPacket;

        // Section 3.15.2.1: nothing at all is Success without properties.
        if (packet.Body.IsEmpty) return ReasonCode.Success;
        var reader = new SpanReader(packet.Body);
        if (!reader.TryByte(out var code) || !ReasonCodes.IsAllowed(PacketType.Auth, code)) return ReasonCode.MalformedPacket;
        var reason = Properties.Read(ref reader, PacketType.Auth, out var properties);
        if (reason != ReasonCode.Success) return reason;
        if (!reader.IsEmpty) return ReasonCode.MalformedPacket;
        auth = new AuthPacket { Reason = (ReasonCode)code, Properties = properties };
        return ReasonCode.Success;
    }
}
