using System.Buffers;
using Millrace.Gateway.Sessions;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>Makes the PUBLISH that a subscriber gets out of the one that was published.</summary>
internal static class OutgoingPublish
{
    private const int OnStack = 512;

    // Expiry and alias: an id and at most four bytes each. A subscription identifier: an id and at most four.
    private const int MostAdded = 8;
    private const int MostIdentifier = 5;

    /// <returns>False where the packet is larger than the client takes; then nothing is written.</returns>
    public static bool TryWrite(
        OutputBuffer output, ProtocolVersion version, in Message message, in DeliveryTerms terms, ushort packetId, bool dup, uint? expiry,
        OutgoingAliases? aliases, long maxPacketSize)
    {
        if (version != ProtocolVersion.V5)
            return TryWrite(output, version, Packet(message, message.Topic, default, terms, packetId, dup), maxPacketSize);

        if (aliases is null && expiry is null && !HasIdentifier(terms))
            return TryWrite(output, version, Packet(message, message.Topic, message.Properties, terms, packetId, dup), maxPacketSize);

        var size = message.Properties.Length + MostAdded + (terms.Matches.Length * MostIdentifier);
        var rented = size > OnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        var properties = new PropertyWriter(rented ?? stackalloc byte[OnStack]);
        foreach (var property in new Properties(message.Properties))
        {
            if (property.Id == PropertyId.MessageExpiryInterval) properties.Add(property.Id, expiry!.Value);
            else properties.Add(property);
        }

        // [MQTT-3.3.4-3] The identifiers of all subscriptions that it is sent for.
        foreach (var subscription in terms.Matches)
            if (subscription.Identifier != 0 && terms.Includes(subscription)) properties.Add(PropertyId.SubscriptionIdentifier, subscription.Identifier);

        var topic = message.Topic;
        if (aliases is not null)
        {
            properties.Add(PropertyId.TopicAlias, aliases.Take(topic, out var isKnown));
            if (isKnown) topic = default;
        }

        var written = TryWrite(output, version, Packet(message, topic, properties.Written.Bytes, terms, packetId, dup), maxPacketSize);
        if (!written) aliases?.Forget(message.Topic);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return written;
    }

    private static bool HasIdentifier(in DeliveryTerms terms)
    {
        foreach (var subscription in terms.Matches)
            if (subscription.Identifier != 0) return true;
        return false;
    }

    private static PublishPacket Packet(
        in Message message, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> properties, in DeliveryTerms terms, ushort packetId, bool dup) => new()
        {
            Topic = topic,
            Payload = message.Payload,
            Properties = new Properties(properties),
            Qos = terms.Qos,
            PacketId = packetId,
            Retain = terms.Retain,
            Dup = dup,
        };

    private static bool TryWrite(OutputBuffer output, ProtocolVersion version, in PublishPacket packet, long maxPacketSize)
    {
        // [MQTT-3.1.2-24], [MQTT-3.1.2-25] A packet larger than the client takes is not sent, as if it had been.
        if (PacketWriter.SizeOf(version, packet) > maxPacketSize) return false;
        PacketWriter.Write(output, version, packet);
        return true;
    }
}
