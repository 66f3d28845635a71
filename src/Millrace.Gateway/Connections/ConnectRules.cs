using Millrace.Contracts.Devices;
using Millrace.Gateway.Sessions;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>Who may connect, and what each side tells the other about its limits.</summary>
internal static class ConnectRules
{
    /// <returns>Success, or the reason for CONNACK with a sentence for the operator.</returns>
    public static (ReasonCode Reason, string? Why) Check(in ConnectPacket connect, Peer peer, Broker broker)
    {
        var options = broker.Options;
        if (!peer.Listener.Credentials.HasFlag(CredentialKinds.Anonymous))
            return (ReasonCode.NotAuthorized, $"Listener {peer.Listener.Name} takes no anonymous clients.");
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

        // [MQTT-3.2.2-12], [MQTT-3.2.2-13]: a will beyond what CONNACK would offer is a reason to refuse.
        if (connect.WillQos > 1) return (ReasonCode.QosNotSupported, "The will has QoS 2.");
        if (connect.WillRetain) return (ReasonCode.RetainNotSupported, "The will shall be retained.");
        return connect.WillTopic.Length > options.MaxTopicBytes
            ? (ReasonCode.TopicNameInvalid, $"The topic of the will is longer than {options.MaxTopicBytes} bytes.")
            : (ReasonCode.Success, null);
    }

    /// <summary>What the server goes by; zero where nothing ends a silent connection.</summary>
    public static TimeSpan KeepAliveOf(in ConnectPacket connect, BrokerOptions options)
    {
        var asked = TimeSpan.FromSeconds(connect.KeepAlive);
        if (connect.Version == ProtocolVersion.V311) return asked;
        return asked == TimeSpan.Zero || asked > options.MaxKeepAlive ? options.MaxKeepAlive : asked;
    }

    /// <summary>What the client said it takes.</summary>
    public static void SetLimits(in ConnectPacket connect, Outbox outbox)
    {
        if (!connect.Properties.TryGet(PropertyId.ReceiveMaximum, out uint receiveMaximum)) receiveMaximum = ushort.MaxValue;
        if (!connect.Properties.TryGet(PropertyId.MaximumPacketSize, out uint maxPacketSize)) maxPacketSize = uint.MaxValue;
        outbox.SetLimits(receiveMaximum, maxPacketSize);
    }

    /// <param name="connect">That is answered.</param>
    /// <param name="output">Of its session.</param>
    /// <param name="assignedId">Empty where the client brought its own.</param>
    /// <param name="options">The limits to tell.</param>
    public static void WriteConnAck(in ConnectPacket connect, OutputBuffer output, ReadOnlySpan<byte> assignedId, BrokerOptions options)
    {
        Span<byte> memory = stackalloc byte[64 + assignedId.Length];
        var properties = new PropertyWriter(memory);
        if (connect.Version == ProtocolVersion.V5)
        {
            // [MQTT-3.2.2-16], [MQTT-3.2.2-21]: said only where it differs from what the client asked for. Sessions end with their connection.
            if (!assignedId.IsEmpty) properties.Add(PropertyId.AssignedClientIdentifier, assignedId);
            var keepAlive = KeepAliveOf(connect, options);
            if (keepAlive != TimeSpan.FromSeconds(connect.KeepAlive)) properties.Add(PropertyId.ServerKeepAlive, (uint)keepAlive.TotalSeconds);
            if (connect.Properties.TryGet(PropertyId.SessionExpiryInterval, out uint expiry) && expiry != 0)
                properties.Add(PropertyId.SessionExpiryInterval, 0);
            properties.Add(PropertyId.ReceiveMaximum, (uint)options.ReceiveMaximum);
            properties.Add(PropertyId.MaximumQos, 1);
            properties.Add(PropertyId.RetainAvailable, 0);
            properties.Add(PropertyId.MaximumPacketSize, (uint)options.MaxPacketSize.Bytes);
            properties.Add(PropertyId.SharedSubscriptionAvailable, 0);
        }

        // [MQTT-3.2.2-2], [MQTT-3.2.2-3]: there is never a session from before.
        PacketWriter.Write(output, connect.Version, new ConnAckPacket { SessionPresent = false, Properties = properties.Written });
    }
}
