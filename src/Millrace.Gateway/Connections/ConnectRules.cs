using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>Who may connect, and what each side tells the other about its limits.</summary>
internal static class ConnectRules
{
    private const uint Forever = uint.MaxValue;

    /// <returns>Success, or the reason for CONNACK with a sentence for the client and the operator.</returns>
    public static (ReasonCode Reason, string? Why) Check(in ConnectPacket connect, Peer peer, Broker broker)
    {
        var options = broker.Options;
        if (connect.Properties.Contains(PropertyId.AuthenticationMethod))
            return (ReasonCode.BadAuthenticationMethod, "Enhanced authentication is not offered.");
        if (broker.Counters.Connections >= options.MaxConnections)
            return (ReasonCode.ServerBusy, $"mqtt.maxConnections is {options.MaxConnections}.");

        // [MQTT-3.1.3-8] of 3.1.1: only a clean session may leave the client id to the server.
        if (connect.ClientId.IsEmpty && connect.Version == ProtocolVersion.V311 && !connect.CleanStart)
            return (ReasonCode.ClientIdentifierNotValid, "A session that shall be kept needs a client id.");
        if (connect.ClientId.Length > options.MaxClientIdBytes)
            return (ReasonCode.ClientIdentifierNotValid, $"The client id is longer than {options.MaxClientIdBytes} bytes.");
        if (!connect.HasWill) return (ReasonCode.Success, null);

        // [MQTT-3.2.2-12]: a will beyond what CONNACK would offer is a reason to refuse.
        if (connect.WillQos == 2 && peer.Listener.IsAwsIot) return (ReasonCode.QosNotSupported, "The will has QoS 2.");
        return PublishRules.CheckTopic(connect.WillTopic, connect.WillPayload.Length, connect.WillRetain, peer.Listener, options) is { } wrong
            ? (wrong.Reason, $"The will: {wrong.Why}")
            : (ReasonCode.Success, null);
    }

    /// <summary>What the server goes by; zero where nothing ends a silent connection.</summary>
    public static TimeSpan KeepAliveOf(in ConnectPacket connect, BrokerOptions options)
    {
        var asked = TimeSpan.FromSeconds(connect.KeepAlive);
        if (connect.Version == ProtocolVersion.V311) return asked;
        return asked == TimeSpan.Zero || asked > options.MaxKeepAlive ? options.MaxKeepAlive : asked;
    }

    /// <summary>Seconds that the client wants its session to live without a connection.</summary>
    public static uint ExpiryOf(in ConnectPacket connect, BrokerOptions options)
    {
        // A session of 3.1.1 that is not clean lives for ever by the specification; here as long as any may.
        if (connect.Version == ProtocolVersion.V311) return connect.CleanStart ? 0 : Forever;
        return connect.Properties.TryGet(PropertyId.SessionExpiryInterval, out uint expiry) ? expiry : 0;
    }

    /// <param name="request">That is answered.</param>
    /// <param name="sessionPresent">Whether a session from before goes on.</param>
    /// <param name="output">Of its connection.</param>
    /// <param name="listener">That it came in by.</param>
    /// <param name="options">The limits to tell.</param>
    public static void WriteConnAck(ConnectRequest request, bool sessionPresent, OutputBuffer output, ListenerOptions listener, BrokerOptions options)
    {
        Span<byte> memory = stackalloc byte[80 + request.ClientIdBytes.Length];
        var properties = new PropertyWriter(memory);
        if (request.Version == ProtocolVersion.V5)
        {
            // [MQTT-3.2.2-16], [MQTT-3.2.2-21]: said only where it differs from what the client asked for.
            if (request.IsAssigned) properties.Add(PropertyId.AssignedClientIdentifier, request.ClientIdBytes);
            if (request.ServerKeepAlive is { } keepAlive) properties.Add(PropertyId.ServerKeepAlive, (uint)keepAlive.TotalSeconds);
            if (request.ExpirySeconds != request.AskedExpiry) properties.Add(PropertyId.SessionExpiryInterval, request.ExpirySeconds);
            properties.Add(PropertyId.ReceiveMaximum, (uint)options.ReceiveMaximum);
            properties.Add(PropertyId.MaximumPacketSize, (uint)PublishRules.MaxPacketSize(listener, options));
            if (options.TopicAliasMaximum > 0) properties.Add(PropertyId.TopicAliasMaximum, (uint)options.TopicAliasMaximum);
            if (listener.IsAwsIot)
            {
                properties.Add(PropertyId.MaximumQos, 1);
                properties.Add(PropertyId.SubscriptionIdentifierAvailable, 0);
            }
        }

        PacketWriter.Write(output, request.Version, new ConnAckPacket { SessionPresent = sessionPresent, Properties = properties.Written });
    }
}
