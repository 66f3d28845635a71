namespace Millrace.Mqtt.Packets;

/// <summary>SUBSCRIBE (section 3.8).</summary>
public readonly ref struct SubscribePacket
{
    public ushort PacketId { get; init; }

    public Properties Properties { get; init; }

    /// <summary>One or more.</summary>
    public SubscriptionList Subscriptions { get; init; }

    /// <returns>Success, or why the connection is to be closed. Filters that are not valid are left to the one who answers.</returns>
    public static ReasonCode Read(in Packet packet, ProtocolVersion version, out SubscribePacket subscribe)
    {
        subscribe = default;
        var reader = new SpanReader(packet.Body);
        if (!reader.TryUInt16(out var packetId) || packetId == 0) return ReasonCode.MalformedPacket;
        Properties properties = default;
        if (version == ProtocolVersion.V5)
        {
            var reason = Properties.Read(ref reader, PacketType.Subscribe, out properties);
            if (reason != ReasonCode.Success) return reason;
        }

        var list = new SubscriptionList(reader.Rest);

        // [MQTT-3.8.3-2] At least one filter.
        if (reader.IsEmpty) return ReasonCode.ProtocolError;
        while (!reader.IsEmpty)
        {
            if (!reader.TryText(out var filter) || !reader.TryByte(out var options)) return ReasonCode.MalformedPacket;
            var reason = CheckOptions(options, filter, version);
            if (reason != ReasonCode.Success) return reason;
        }

        subscribe = new SubscribePacket { PacketId = packetId, Properties = properties, Subscriptions = list };
        return ReasonCode.Success;
    }

    private static ReasonCode CheckOptions(byte options, ReadOnlySpan<byte> filter, ProtocolVersion version)
    {
        // [MQTT-3.8.3-5] Reserved bits are 0 (in 3.1.1 [MQTT-3.8.3-4]: all but the QoS); QoS 3 is not valid.
        if ((options & (version == ProtocolVersion.V5 ? 0xC0 : 0xFC)) != 0) return ReasonCode.MalformedPacket;
        if ((options & 3) == 3) return version == ProtocolVersion.V5 ? ReasonCode.ProtocolError : ReasonCode.MalformedPacket;

        // Section 3.8.3.1: retain handling 3 is a protocol error; [MQTT-3.8.3-4] so is no-local on a shared subscription.
        if ((options & 0x30) == 0x30) return ReasonCode.ProtocolError;
        return (options & 4) != 0 && Topic.IsShared(filter) ? ReasonCode.ProtocolError : ReasonCode.Success;
    }
}
