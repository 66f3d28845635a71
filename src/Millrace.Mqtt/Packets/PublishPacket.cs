namespace Millrace.Mqtt.Packets;

/// <summary>PUBLISH (section 3.3): an application message, in either direction.</summary>
public readonly ref struct PublishPacket
{
    /// <summary>Empty only in MQTT 5, where a topic alias stands for it.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    public Properties Properties { get; init; }

    /// <summary>0 with QoS 0.</summary>
    public ushort PacketId { get; init; }

    public byte Qos { get; init; }

    public bool Retain { get; init; }

    public bool Dup { get; init; }

    /// <returns>Success, or why the connection is to be closed.</returns>
    public static ReasonCode Read(in Packet packet, ProtocolVersion version, out PublishPacket publish)
    {
        publish = default;
        var reader = new SpanReader(packet.Body);
        var qos = (byte)((packet.Flags >> 1) & 3);
        if (!reader.TryBinary(out var topic)) return ReasonCode.MalformedPacket;

        // [MQTT-2.2.1-3] A packet id with QoS 1 and 2, and never 0.
        ushort packetId = 0;
        if (qos > 0 && (!reader.TryUInt16(out packetId) || packetId == 0)) return ReasonCode.MalformedPacket;

        Properties properties = default;
        if (version == ProtocolVersion.V5)
        {
            var reason = Properties.Read(ref reader, PacketType.Publish, out properties);
            if (reason != ReasonCode.Success) return reason;
        }

        if (topic.IsEmpty)
        {
            // Section 3.3.2.1: no topic and no alias for one is a protocol error; in 3.1.1 [MQTT-4.7.3-1].
            if (!properties.Contains(PropertyId.TopicAlias)) return ReasonCode.ProtocolError;
        }
        else if (!Mqtt.Topic.IsValidName(topic))
        {
            return Utf8Text.IsValid(topic) ? ReasonCode.TopicNameInvalid : ReasonCode.MalformedPacket;
        }

        publish = new PublishPacket
        {
            Topic = topic,
            Payload = reader.Rest,
            Properties = properties,
            PacketId = packetId,
            Qos = qos,
            Retain = (packet.Flags & 1) != 0,
            Dup = (packet.Flags & 8) != 0,
        };
        return ReasonCode.Success;
    }
}
