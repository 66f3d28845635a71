using Millrace.Gateway.Counting;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>What may be published here, beyond what the protocol itself forbids.</summary>
internal static class PublishRules
{
    /// <returns>Success, or why the client is to be disconnected.</returns>
    public static ReasonCode Check(in PublishPacket publish, BrokerOptions options, out RefusalReason refusal)
    {
        refusal = default;

        // [MQTT-3.2.2-11] A client that was told Maximum QoS 1 must not send QoS 2.
        if (publish.Qos == 2) return Because(RefusalReason.Qos, ReasonCode.QosNotSupported, out refusal);

        // [MQTT-3.2.2-14] Nor RETAIN, when it was told that there is none.
        if (publish.Retain) return Because(RefusalReason.Retain, ReasonCode.RetainNotSupported, out refusal);
        if (publish.Topic.Length > options.MaxTopicBytes) return Because(RefusalReason.Topic, ReasonCode.TopicNameInvalid, out refusal);
        if (publish.Properties.IsEmpty) return ReasonCode.Success;

        // [MQTT-3.3.2-9] The Topic Alias Maximum is 0 here: none is taken.
        if (publish.Properties.Contains(PropertyId.TopicAlias)) return Because(RefusalReason.Property, ReasonCode.TopicAliasInvalid, out refusal);

        // [MQTT-3.3.4-6] Only a server sends subscription identifiers.
        return publish.Properties.Contains(PropertyId.SubscriptionIdentifier)
            ? Because(RefusalReason.Property, ReasonCode.ProtocolError, out refusal)
            : ReasonCode.Success;
    }

    private static ReasonCode Because(RefusalReason why, ReasonCode reason, out RefusalReason refusal)
    {
        refusal = why;
        return reason;
    }
}
