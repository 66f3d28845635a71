using Millrace.Contracts.Records;
using Millrace.Gateway.Counting;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>What may be published here, beyond what the protocol itself forbids.</summary>
internal static class PublishRules
{
    /// <summary>Levels of a topic that is retained: they are kept in a tree, and nobody's topics are this deep.</summary>
    public const int MaxRetainedLevels = 128;

    // AWS IoT's limits, reference section 3.1.
    private const int AwsMaxPayload = 128 * 1024;
    private const int AwsMaxTopicBytes = 256;
    private const int AwsMaxSlashes = 7;
    private const int AwsMaxPacketSize = 149_504;

    /// <summary>The largest packet that is taken, in bytes.</summary>
    public static long MaxPacketSize(ListenerOptions listener, BrokerOptions options)
    {
        var size = listener.MaxPacketSize?.Bytes ?? options.MaxPacketSize.Bytes;
        return listener.IsAwsIot ? Math.Min(size, AwsMaxPacketSize) : size;
    }

    /// <returns>Null, or why the client is to be disconnected.</returns>
    public static Refused? Check(in PublishPacket publish, ReadOnlySpan<byte> topic, ListenerOptions listener, BrokerOptions options)
    {
        // [MQTT-3.2.2-11] A client that was told Maximum QoS 1 must not send QoS 2.
        if (publish.Qos == 2 && listener.IsAwsIot) return new(RefusalReason.Qos, ReasonCode.QosNotSupported, "This listener takes QoS 0 and 1.");

        // [MQTT-3.3.4-6] Only a server sends subscription identifiers.
        if (!publish.Properties.IsEmpty && publish.Properties.Contains(PropertyId.SubscriptionIdentifier))
            return new(RefusalReason.Property, ReasonCode.ProtocolError, "A client sends no subscription identifiers.");
        return CheckTopic(topic, publish.Payload.Length, publish.Retain, listener, options);
    }

    /// <returns>Null, or why nothing is published to this topic.</returns>
    public static Refused? CheckTopic(ReadOnlySpan<byte> topic, int payloadLength, bool retain, ListenerOptions listener, BrokerOptions options)
    {
        if (topic.Length > options.MaxTopicBytes)
            return new(RefusalReason.Topic, ReasonCode.TopicNameInvalid, $"A topic may have {options.MaxTopicBytes} bytes.");
        if (retain && topic.Count((byte)'/') >= MaxRetainedLevels)
            return new(RefusalReason.Topic, ReasonCode.TopicNameInvalid, $"The topic of a retained message may have {MaxRetainedLevels} levels.");

        // $SYS is the server's own; the other reserved topics belong to whoever serves them.
        if (IsServersOwn(topic))
            return new(RefusalReason.Topic, ReasonCode.TopicNameInvalid, "Topics that begin with $SYS or $share are not published to.");
        return listener.IsAwsIot ? CheckAws(topic, payloadLength, retain) : null;
    }

    /// <summary>Whether only the server itself publishes there.</summary>
    public static bool IsServersOwn(ReadOnlySpan<byte> topic) => topic[0] == '$' && (topic.StartsWith("$SYS/"u8) || topic.StartsWith("$share/"u8));

    private static Refused? CheckAws(ReadOnlySpan<byte> topic, int payloadLength, bool retain)
    {
        if (payloadLength > AwsMaxPayload) return new(RefusalReason.TooLarge, ReasonCode.PacketTooLarge, "A payload may have 128 KB.");
        if (retain && topic[0] == '$') return new(RefusalReason.Retain, ReasonCode.TopicNameInvalid, "A message on a reserved topic cannot be retained.");
        var counted = BasicIngestTopic.WithoutFlow(topic);
        if (counted.Length > AwsMaxTopicBytes) return new(RefusalReason.Topic, ReasonCode.TopicNameInvalid, "A topic may have 256 bytes.");
        return counted.Count((byte)'/') > AwsMaxSlashes
            ? new(RefusalReason.Topic, ReasonCode.TopicNameInvalid, "A topic may have eight levels.")
            : null;
    }

    /// <param name="Counted">For the books.</param>
    /// <param name="Reason">For the client.</param>
    /// <param name="Why">In a sentence.</param>
    public readonly record struct Refused(RefusalReason Counted, ReasonCode Reason, string Why);
}
