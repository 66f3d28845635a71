using System.Buffers;
using System.Text;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;
using Millrace.Testing.Mqtt;

namespace Millrace.Fuzz.Targets;

/// <summary>What a client could send: names, topics and packet ids from small sets, so that clients meet and acknowledgements fit.</summary>
internal static class ClientPackets
{
    private static readonly string[] Topics = ["a", "a/b", "a/b/c", "$x/a", "/", "ä/€", "a//b"];
    private static readonly string[] Filters = ["a", "a/+", "#", "+/b", "a/#", "$x/#", "/", "a/+/c", "$share/g/a/#", "$share/g/a", "a/#/b", ""];
    private static readonly PacketType[] Types = Enum.GetValues<PacketType>();

    public static byte[] Connect(Random random, ProtocolVersion version)
    {
        var properties = new PropertyWriter(new byte[64]);
        var willProperties = new PropertyWriter(new byte[64]);
        if (version == ProtocolVersion.V5)
        {
            if (random.Next(2) == 0) properties.Add(PropertyId.SessionExpiryInterval, Pick(random, [0u, 1u, 60u, uint.MaxValue]));
            if (random.Next(3) == 0) properties.Add(PropertyId.ReceiveMaximum, Pick(random, [1u, 2u, 10u]));
            if (random.Next(3) == 0) properties.Add(PropertyId.MaximumPacketSize, Pick(random, [20u, 60u, 1000u]));
            if (random.Next(3) == 0) properties.Add(PropertyId.TopicAliasMaximum, Pick(random, [1u, 3u]));
            if (random.Next(4) == 0) properties.Add(PropertyId.RequestProblemInformation, (uint)random.Next(2));
            if (random.Next(3) == 0) willProperties.Add(PropertyId.WillDelayInterval, Pick(random, [0u, 1u, 30u]));
            if (random.Next(3) == 0) willProperties.Add(PropertyId.MessageExpiryInterval, Pick(random, [0u, 1u, 30u]));
        }

        var hasWill = random.Next(3) == 0;
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, new ConnectPacket
        {
            Version = version,
            CleanStart = random.Next(2) == 0,
            KeepAlive = Pick(random, [(ushort)0, (ushort)1, (ushort)60]),
            ClientId = Encoding.UTF8.GetBytes(Pick(random, ["", "one", "two", "three"])),
            Properties = properties.Written,
            HasWill = hasWill,
            WillQos = hasWill ? (byte)random.Next(3) : (byte)0,
            WillRetain = hasWill && random.Next(4) == 0,
            WillTopic = Encoding.UTF8.GetBytes(Pick(random, Topics)),
            WillPayload = "gone"u8,
            WillProperties = willProperties.Written,
        });
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Any(Random random, ProtocolVersion version)
    {
        switch (random.Next(20))
        {
            case < 8: return Publish(random, version);
            case < 11: return Subscribe(random, version);
            case < 12: return Unsubscribe(random, version);
            case < 17: return Ack(random, version);
            case < 18: return [0xC0, 0];
            case < 19 when random.Next(5) > 0: return [0xC0, 0];
            case < 19: return random.Next(2) == 0 ? [0xE0, 0] : Connect(random, version);
            default:
                var type = Types[random.Next(Types.Length)];
                return SomePacket.Exists(type, version) ? SomePacket.Bytes(random, type, version) : [0xC0, 0];
        }
    }

    private static byte[] Publish(Random random, ProtocolVersion version)
    {
        var qos = (byte)random.Next(3);
        var properties = new PropertyWriter(new byte[64]);
        var topic = Pick(random, Topics);
        if (version == ProtocolVersion.V5)
        {
            if (random.Next(4) == 0) properties.Add(PropertyId.MessageExpiryInterval, Pick(random, [0u, 1u, 30u]));
            if (random.Next(4) == 0) properties.AddUser("k"u8, "v"u8);
            if (random.Next(4) == 0)
            {
                properties.Add(PropertyId.TopicAlias, Pick(random, [1u, 2u, 16u, 65535u]));
                if (random.Next(2) == 0) topic = "";
            }
        }

        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, version, new PublishPacket
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = new byte[Pick(random, [0, 1, 20, 200, random.Next(2000)])],
            Properties = properties.Written,
            Qos = qos,
            PacketId = qos == 0 ? (ushort)0 : PacketId(random),
            Retain = random.Next(6) == 0,
            Dup = qos > 0 && random.Next(6) == 0,
        });
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Subscribe(Random random, ProtocolVersion version)
    {
        var list = new ArrayBufferWriter<byte>();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var options = random.Next(3) | (version == ProtocolVersion.V5 ? (random.Next(3) << 4) | (random.Next(4) << 2) : 0);
            SubscriptionWriter.Add(list, Encoding.UTF8.GetBytes(Pick(random, Filters)), (byte)options);
        }

        var properties = new PropertyWriter(new byte[8]);
        if (version == ProtocolVersion.V5 && random.Next(3) == 0) properties.Add(PropertyId.SubscriptionIdentifier, Pick(random, [1u, 127u, 200u]));
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, version, new SubscribePacket { PacketId = PacketId(random), Properties = properties.Written, Subscriptions = new(list.WrittenSpan) });
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Unsubscribe(Random random, ProtocolVersion version)
    {
        var list = new ArrayBufferWriter<byte>();
        for (var count = random.Next(1, 4); count > 0; count--) SubscriptionWriter.Add(list, Encoding.UTF8.GetBytes(Pick(random, Filters)));
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, version, new UnsubscribePacket { PacketId = PacketId(random), Filters = new(list.WrittenSpan) });
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Ack(Random random, ProtocolVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        var type = Pick(random, [PacketType.PubAck, PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp]);
        PacketWriter.Write(output, version, new AckPacket { Type = type, PacketId = PacketId(random) });
        return output.WrittenSpan.ToArray();
    }

    private static ushort PacketId(Random random) => (ushort)random.Next(1, 9);

    private static T Pick<T>(Random random, ReadOnlySpan<T> from) => from[random.Next(from.Length)];
}
