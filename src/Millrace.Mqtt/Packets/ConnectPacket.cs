namespace Millrace.Mqtt.Packets;

/// <summary>CONNECT (section 3.1): the first packet of a client, and only the first.</summary>
public readonly ref struct ConnectPacket
{
    public ProtocolVersion Version { get; init; }

    /// <summary>Clean Session in 3.1.1.</summary>
    public bool CleanStart { get; init; }

    /// <summary>In seconds; 0 switches it off.</summary>
    public ushort KeepAlive { get; init; }

    public Properties Properties { get; init; }

    /// <summary>Empty where the server shall assign one.</summary>
    public ReadOnlySpan<byte> ClientId { get; init; }

    public bool HasWill { get; init; }

    public byte WillQos { get; init; }

    public bool WillRetain { get; init; }

    public Properties WillProperties { get; init; }

    public ReadOnlySpan<byte> WillTopic { get; init; }

    public ReadOnlySpan<byte> WillPayload { get; init; }

    public bool HasUserName { get; init; }

    public ReadOnlySpan<byte> UserName { get; init; }

    public bool HasPassword { get; init; }

    public ReadOnlySpan<byte> Password { get; init; }

    /// <returns>
    /// Success, or why the connection is to be closed. Of a packet that is not read, <see cref="Version"/> is set when it was understood so far,
    /// so that the refusal can be said in the client's own version.
    /// </returns>
    public static ReasonCode Read(in Packet packet, out ConnectPacket connect)
    {
        connect = default;
        var reader = new SpanReader(packet.Body);
        if (!reader.TryText(out var protocol) || !reader.TryByte(out var level)) return ReasonCode.MalformedPacket;

        // [MQTT-3.1.2-1], [MQTT-3.1.2-2]: another name or level is answered with 0x84; MQIsdp is the name in MQTT 3.1.
        if (!protocol.SequenceEqual("MQTT"u8) || level is not ((byte)ProtocolVersion.V311 or (byte)ProtocolVersion.V5))
        {
            // What comes after MQTT 5 will know its CONNACK; what was before it does not.
            if (protocol.SequenceEqual("MQTT"u8) && level > (byte)ProtocolVersion.V5) connect = new ConnectPacket { Version = ProtocolVersion.V5 };
            return ReasonCode.UnsupportedProtocolVersion;
        }

        var version = (ProtocolVersion)level;
        connect = new ConnectPacket { Version = version };

        // [MQTT-3.1.2-3] The reserved flag must be 0.
        if (!reader.TryByte(out var flags) || (flags & 1) != 0 || !reader.TryUInt16(out var keepAlive)) return ReasonCode.MalformedPacket;
        if (!FlagsAreValid(flags, version)) return ReasonCode.MalformedPacket;

        Properties properties = default, willProperties = default;
        if (version == ProtocolVersion.V5)
        {
            var reason = Properties.Read(ref reader, PacketType.Connect, out properties);
            if (reason != ReasonCode.Success) return reason;
        }

        if (!reader.TryText(out var clientId)) return ReasonCode.MalformedPacket;

        ReadOnlySpan<byte> willTopic = default, willPayload = default, userName = default, password = default;
        if ((flags & 0b100) != 0)
        {
            if (version == ProtocolVersion.V5)
            {
                var reason = Properties.Read(ref reader, PropertyRules.Will, out willProperties);
                if (reason != ReasonCode.Success) return reason;
            }

            if (!reader.TryText(out willTopic) || !reader.TryBinary(out willPayload)) return ReasonCode.MalformedPacket;
            if (!Topic.IsValidName(willTopic)) return ReasonCode.TopicNameInvalid;
        }

        if ((flags & 0x80) != 0 && !reader.TryText(out userName)) return ReasonCode.MalformedPacket;
        if ((flags & 0x40) != 0 && !reader.TryBinary(out password)) return ReasonCode.MalformedPacket;
        if (!reader.IsEmpty) return ReasonCode.MalformedPacket;

        connect = new ConnectPacket
        {
            Version = version,
            CleanStart = (flags & 0b10) != 0,
            KeepAlive = keepAlive,
            Properties = properties,
            ClientId = clientId,
            HasWill = (flags & 0b100) != 0,
            WillQos = (byte)((flags >> 3) & 3),
            WillRetain = (flags & 0x20) != 0,
            WillProperties = willProperties,
            WillTopic = willTopic,
            WillPayload = willPayload,
            HasUserName = (flags & 0x80) != 0,
            UserName = userName,
            HasPassword = (flags & 0x40) != 0,
            Password = password,
        };
        return ReasonCode.Success;
    }

    private static bool FlagsAreValid(byte flags, ProtocolVersion version)
    {
        var will = (flags & 0b100) != 0;
        var willQos = (flags >> 3) & 3;
        var willRetain = (flags & 0x20) != 0;

        // [MQTT-3.1.2-11], [MQTT-3.1.2-12], [MQTT-3.1.2-13]: no will, no QoS and RETAIN of it; QoS 3 is never valid.
        if (willQos == 3 || (!will && (willQos != 0 || willRetain))) return false;

        // [MQTT-3.1.2-22] of 3.1.1: no password without a user name. MQTT 5 allows it.
        return version == ProtocolVersion.V5 || (flags & 0xC0) != 0x40;
    }
}
