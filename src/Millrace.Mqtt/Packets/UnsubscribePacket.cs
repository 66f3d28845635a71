namespace Millrace.Mqtt.Packets;

/// <summary>UNSUBSCRIBE (section 3.10).</summary>
public readonly ref struct UnsubscribePacket
{
    public ushort PacketId { get; init; }

    public Properties Properties { get; init; }

    /// <summary>One or more.</summary>
    public FilterList Filters { get; init; }

    /// <returns>Success, or why the connection is to be closed. Filters that are not valid are left to the one who answers.</returns>
    public static ReasonCode Read(in Packet packet, ProtocolVersion version, out UnsubscribePacket unsubscribe)
    {
        unsubscribe = default;
        var reader = new SpanReader(packet.Body);
        if (!reader.TryUInt16(out var packetId) || packetId == 0) return ReasonCode.MalformedPacket;
        Properties properties = default;
        if (version == ProtocolVersion.V5)
        {
            var reason = Properties.Read(ref reader, PacketType.Unsubscribe, out properties);
            if (reason != ReasonCode.Success) return reason;
        }

        var list = new FilterList(reader.Rest);

        // [MQTT-3.10.3-2] At least one filter.
        if (reader.IsEmpty) return ReasonCode.ProtocolError;
        while (!reader.IsEmpty)
            if (!reader.TryText(out _)) return ReasonCode.MalformedPacket;

        unsubscribe = new UnsubscribePacket { PacketId = packetId, Properties = properties, Filters = list };
        return ReasonCode.Success;
    }
}
