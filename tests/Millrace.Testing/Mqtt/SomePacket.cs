using System.Buffers;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Testing.Mqtt;

/// <summary>Valid packets of every type by chance, and the way from a packet back to bytes.</summary>
public static class SomePacket
{
    private static readonly PropertyId[] Ids = Enum.GetValues<PropertyId>();

    public static bool Exists(PacketType type, ProtocolVersion version) => type != PacketType.Auth || version == ProtocolVersion.V5;

    public static byte[] Bytes(Random random, PacketType type, ProtocolVersion version) =>
        Bytes(random, type, version, Properties(random, type, version));

    /// <summary>Of MQTT 5 and valid but for its properties, which are as given.</summary>
    public static byte[] BytesWith(Random random, PacketType type, ReadOnlySpan<byte> properties) =>
        Bytes(random, type, ProtocolVersion.V5, properties.ToArray());

    /// <summary>Every property there is, with the values at its edges, valid or not.</summary>
    public static IReadOnlyList<byte[]> EdgeProperties { get; } = [.. Ids.SelectMany(AtEdges)];

    private static byte[] Bytes(Random random, PacketType type, ProtocolVersion version, byte[] properties)
    {
        var output = new ArrayBufferWriter<byte>();
        var packetId = (ushort)random.Next(1, 65536);
        switch (type)
        {
            case PacketType.Connect:
                PacketWriter.Write(output, Connect(random, version, properties));
                break;
            case PacketType.ConnAck:
                var refused = random.Next(2) == 1;
                var refusal = version == ProtocolVersion.V5 ? ReasonCode.Banned : ReasonCode.NotAuthorized;
                PacketWriter.Write(output, version, new ConnAckPacket
                {
                    SessionPresent = !refused && random.Next(2) == 1,
                    Reason = refused ? refusal : ReasonCode.Success,
                    Properties = new(properties),
                });
                break;
            case PacketType.Publish:
                var qos = (byte)random.Next(3);
                PacketWriter.Write(output, version, new PublishPacket
                {
                    Topic = Text(random, 1),
                    Payload = Blob(random, 300),
                    Properties = new(properties),
                    Qos = qos,
                    PacketId = qos == 0 ? (ushort)0 : packetId,
                    Retain = random.Next(2) == 1,
                    Dup = qos > 0 && random.Next(2) == 1,
                });
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                var reason = version == ProtocolVersion.V5 ? Code(random, type) : ReasonCode.Success;
                PacketWriter.Write(output, version, new AckPacket { Type = type, PacketId = packetId, Reason = reason, Properties = new(properties) });
                break;
            case PacketType.Subscribe:
                var subscriptions = new ArrayBufferWriter<byte>();
                for (var i = random.Next(1, 5); i > 0; i--)
                    SubscriptionWriter.Add(subscriptions, Text(random, 1), (byte)(random.Next(3) | (version == ProtocolVersion.V5 ? random.Next(3) << 4 | random.Next(4) << 2 : 0)));
                PacketWriter.Write(output, version, new SubscribePacket { PacketId = packetId, Properties = new(properties), Subscriptions = new(subscriptions.WrittenSpan) });
                break;
            case PacketType.Unsubscribe:
                var filters = new ArrayBufferWriter<byte>();
                for (var i = random.Next(1, 5); i > 0; i--) SubscriptionWriter.Add(filters, Text(random, 1));
                PacketWriter.Write(output, version, new UnsubscribePacket { PacketId = packetId, Properties = new(properties), Filters = new(filters.WrittenSpan) });
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                var codes = Enumerable.Range(0, random.Next(1, 5)).Select(_ => type == PacketType.SubAck ? (byte)random.Next(3) : (byte)Code(random, type)).ToArray();
                PacketWriter.Write(output, version, new SubAckPacket { Type = type, PacketId = packetId, Properties = new(properties), Codes = codes });
                break;
            case PacketType.PingReq or PacketType.PingResp:
                PacketWriter.WritePing(output, type);
                break;
            case PacketType.Disconnect:
                PacketWriter.Write(output, version, new DisconnectPacket { Reason = Code(random, type), Properties = new(properties) });
                break;
            case PacketType.Auth:
                PacketWriter.Write(output, new AuthPacket { Reason = Code(random, type), Properties = new(properties) });
                break;
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads what the packet says, and, where it is valid, writes it again.</summary>
    public static ReasonCode Rewrite(in Packet packet, ProtocolVersion version, IBufferWriter<byte> output)
    {
        ReasonCode reason;
        switch (packet.Type)
        {
            case PacketType.Connect:
                if ((reason = ConnectPacket.Read(packet, out var connect)) == 0) PacketWriter.Write(output, connect);
                return reason;
            case PacketType.ConnAck:
                if ((reason = ConnAckPacket.Read(packet, version, out var connAck)) == 0) PacketWriter.Write(output, version, connAck);
                return reason;
            case PacketType.Publish:
                if ((reason = PublishPacket.Read(packet, version, out var publish)) == 0) PacketWriter.Write(output, version, publish);
                return reason;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                if ((reason = AckPacket.Read(packet, version, out var ack)) == 0) PacketWriter.Write(output, version, ack);
                return reason;
            case PacketType.Subscribe:
                if ((reason = SubscribePacket.Read(packet, version, out var subscribe)) == 0) PacketWriter.Write(output, version, subscribe);
                return reason;
            case PacketType.Unsubscribe:
                if ((reason = UnsubscribePacket.Read(packet, version, out var unsubscribe)) == 0) PacketWriter.Write(output, version, unsubscribe);
                return reason;
            case PacketType.SubAck or PacketType.UnsubAck:
                if ((reason = SubAckPacket.Read(packet, version, out var subAck)) == 0) PacketWriter.Write(output, version, subAck);
                return reason;
            case PacketType.PingReq or PacketType.PingResp:
                if ((reason = PingPacket.Read(packet)) == 0) PacketWriter.WritePing(output, packet.Type);
                return reason;
            case PacketType.Disconnect:
                if ((reason = DisconnectPacket.Read(packet, version, out var disconnect)) == 0) PacketWriter.Write(output, version, disconnect);
                return reason;
            default:
                if ((reason = AuthPacket.Read(packet, version, out var auth)) == 0) PacketWriter.Write(output, auth);
                return reason;
        }
    }

    private static ConnectPacket Connect(Random random, ProtocolVersion version, byte[] properties)
    {
        var will = random.Next(2) == 1;
        var user = random.Next(2) == 1;
        return new ConnectPacket
        {
            Version = version,
            CleanStart = random.Next(2) == 1,
            KeepAlive = (ushort)random.Next(65536),
            Properties = new(properties),
            ClientId = Text(random, 0),
            HasWill = will,
            WillQos = will ? (byte)random.Next(3) : (byte)0,
            WillRetain = will && random.Next(2) == 1,
            WillProperties = new(will ? Properties(random, PropertyRules.Will, version) : []),
            WillTopic = will ? Text(random, 1) : [],
            WillPayload = will ? Blob(random, 50) : [],
            HasUserName = user,
            UserName = user ? Text(random, 0) : [],
            HasPassword = user,
            Password = user ? Blob(random, 20) : [],
        };
    }

    private static ReasonCode Code(Random random, PacketType type)
    {
        while (true)
        {
            var code = (byte)random.Next(256);
            if (ReasonCodes.IsAllowed(type, code)) return (ReasonCode)code;
        }
    }

    private static byte[] Properties(Random random, PacketType type, ProtocolVersion version)
    {
        if (version != ProtocolVersion.V5) return [];
        var writer = new PropertyWriter(new byte[4096]);
        var allowed = PropertyRules.AllowedIn(type);
        foreach (var id in Ids)
        {
            // Data needs its method, which has a smaller id: both or neither.
            var chosen = random.Next(2) == 1 || id is PropertyId.AuthenticationMethod or PropertyId.AuthenticationData;
            if ((allowed & PropertyRules.Bit(id)) == 0 || !chosen) continue;
            switch (PropertyRules.KindOf(id))
            {
                case PropertyKind.Byte:
                    writer.Add(id, (uint)random.Next(2));
                    break;
                case PropertyKind.TwoByte:
                    writer.Add(id, (uint)random.Next(1, 65536));
                    break;
                case PropertyKind.FourByte or PropertyKind.VarInt:
                    writer.Add(id, (uint)random.Next(1, VarInt.Max + 1));
                    break;
                case PropertyKind.Text or PropertyKind.Binary:
                    writer.Add(id, Text(random, 1));
                    break;
                case PropertyKind.Pair:
                    writer.AddUser(Text(random, 0), Text(random, 0));
                    writer.AddUser("again"u8, Text(random, 0));
                    break;
            }
        }

        return writer.Written.Bytes.ToArray();
    }

    private static IEnumerable<byte[]> AtEdges(PropertyId id)
    {
        uint[] numbers = [0, 1, 2, 127, 128, 255, 256, 65535, VarInt.Max];
        byte[][] texts = [[], [.. "a/b"u8], [.. "a/+"u8], [.. "#"u8], [0], [0xC3], [0xED, 0xA0, 0x80]];
        var kind = PropertyRules.KindOf(id);
        return kind switch
        {
            PropertyKind.Byte => numbers.Where(n => n < 256).Select(n => Encoded(id, n)),
            PropertyKind.TwoByte => numbers.Where(n => n < 65536).Select(n => Encoded(id, n)),
            PropertyKind.FourByte or PropertyKind.VarInt => numbers.Select(n => Encoded(id, n)),
            PropertyKind.Pair => texts.SelectMany(name => texts.Select(value => Encoded(name, value))),
            _ => texts.Select(value => Encoded(id, value)),
        };
    }

    private static byte[] Encoded(PropertyId id, uint number)
    {
        var writer = new PropertyWriter(new byte[8]);
        writer.Add(id, number);
        return writer.Written.Bytes.ToArray();
    }

    private static byte[] Encoded(PropertyId id, byte[] value)
    {
        var writer = new PropertyWriter(new byte[8]);
        writer.Add(id, value);
        return writer.Written.Bytes.ToArray();
    }

    private static byte[] Encoded(byte[] name, byte[] value)
    {
        var writer = new PropertyWriter(new byte[16]);
        writer.AddUser(name, value);
        return writer.Written.Bytes.ToArray();
    }

    private static byte[] Text(Random random, int least)
    {
        const string Letters = "abc/xyz0189 äß€𝄞";
        var runes = Letters.EnumerateRunes().ToArray();
        var text = string.Concat(Enumerable.Range(0, random.Next(least, 12)).Select(_ => runes[random.Next(runes.Length)].ToString()));
        return System.Text.Encoding.UTF8.GetBytes(text);
    }

    private static byte[] Blob(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }
}
