using System.Buffers;
using System.Globalization;
using System.Text;
using Millrace.Gateway;
using Millrace.Gateway.Connections;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Tests.Gateway;

/// <summary>A transport without a network: what the test sends is handled at once, and what the session answers can be read as text.</summary>
internal sealed class TestClient : ITransport
{
    private readonly ArrayBufferWriter<byte> _received = new();
    private readonly ProtocolVersion _version;
    private readonly Broker _broker;
    private ReadOnlySequence<byte> _unread;
    private int _read;

    public TestClient(Broker broker, ProtocolVersion version = ProtocolVersion.V5, ListenerOptions? listener = null)
    {
        (_version, _broker) = (version, broker);
        Connection = broker.Open(this, new Peer("test", listener ?? new ListenerOptions())) ?? throw new InvalidOperationException("The broker has no room.");
    }

    public Connection Connection { get; }

    /// <summary>While it is false, the client does not read, and the session keeps its output.</summary>
    public bool Reads { get; set; } = true;

    public bool IsClosed { get; private set; }

    public bool WasResumed { get; private set; }

    /// <summary>How often output was taken.</summary>
    public int Writes { get; private set; }

    public Progress Progress { get; private set; }

    public int Unread => (int)_unread.Length;

    public static TestClient Connected(Broker broker, string id, ProtocolVersion version = ProtocolVersion.V5, uint receiveMaximum = 0, ushort keepAlive = 0)
    {
        var client = new TestClient(broker, version);
        client.Connect(id, receiveMaximum, keepAlive);
        Assert.StartsWith("ConnAck Success", client.Next(), StringComparison.Ordinal);
        return client;
    }

    public Progress Connect(string id, uint receiveMaximum = 0, ushort keepAlive = 0, string? will = null, byte willQos = 0, bool willRetain = false, bool cleanStart = true,
        uint sessionExpiry = 0, uint willDelay = 0, uint maxPacketSize = 0, uint topicAliases = 0)
    {
        var output = new ArrayBufferWriter<byte>();
        var properties = new PropertyWriter(new byte[32]);
        if (receiveMaximum > 0) properties.Add(PropertyId.ReceiveMaximum, receiveMaximum);
        if (sessionExpiry > 0) properties.Add(PropertyId.SessionExpiryInterval, sessionExpiry);
        if (maxPacketSize > 0) properties.Add(PropertyId.MaximumPacketSize, maxPacketSize);
        if (topicAliases > 0) properties.Add(PropertyId.TopicAliasMaximum, topicAliases);
        var willProperties = new PropertyWriter(new byte[8]);
        if (willDelay > 0) willProperties.Add(PropertyId.WillDelayInterval, willDelay);
        PacketWriter.Write(output, new ConnectPacket
        {
            Version = _version,
            CleanStart = cleanStart,
            KeepAlive = keepAlive,
            ClientId = Encoding.UTF8.GetBytes(id),
            Properties = properties.Written,
            HasWill = will is not null,
            WillProperties = willProperties.Written,
            WillQos = willQos,
            WillRetain = willRetain,
            WillTopic = Encoding.UTF8.GetBytes(will ?? ""),
            WillPayload = will is null ? [] : "gone"u8,
        });
        return Send(output.WrittenSpan);
    }

    public Progress Publish(string topic, string payload, byte qos, ushort packetId = 0, bool retain = false) =>
        Send(PublishBytes(topic, payload, qos, packetId, retain));

    public byte[] PublishBytes(string topic, string payload, byte qos, ushort packetId = 0, bool retain = false, bool dup = false, uint alias = 0, uint expiry = 0)
    {
        var properties = new PropertyWriter(new byte[16]);
        if (alias > 0) properties.Add(PropertyId.TopicAlias, alias);
        if (expiry > 0) properties.Add(PropertyId.MessageExpiryInterval, expiry);
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, _version, new PublishPacket
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = Encoding.UTF8.GetBytes(payload),
            Qos = qos,
            PacketId = packetId,
            Retain = retain,
            Dup = dup,
            Properties = properties.Written,
        });
        return output.WrittenSpan.ToArray();
    }

    public void Subscribe(string filter, byte options = 1, uint identifier = 0, string expected = "SubAck 9: 01")
    {
        var list = new ArrayBufferWriter<byte>();
        SubscriptionWriter.Add(list, Encoding.UTF8.GetBytes(filter), options);
        var properties = new PropertyWriter(new byte[8]);
        if (identifier > 0) properties.Add(PropertyId.SubscriptionIdentifier, identifier);
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, _version, new SubscribePacket { PacketId = 9, Subscriptions = new(list.WrittenSpan), Properties = properties.Written });
        Send(output.WrittenSpan);
        Assert.Equal(expected, Next());
    }

    public void Unsubscribe(string filter)
    {
        var list = new ArrayBufferWriter<byte>();
        SubscriptionWriter.Add(list, Encoding.UTF8.GetBytes(filter));
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, _version, new UnsubscribePacket { PacketId = 8, Filters = new(list.WrittenSpan) });
        Send(output.WrittenSpan);
    }

    public void PubAck(ushort packetId) => Ack(PacketType.PubAck, packetId);

    public void Ack(PacketType type, ushort packetId, ReasonCode reason = ReasonCode.Success)
    {
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, _version, new AckPacket { Type = type, PacketId = packetId, Reason = reason });
        Send(output.WrittenSpan);
    }

    public Progress Send(ReadOnlySpan<byte> bytes)
    {
        _unread = new ReadOnlySequence<byte>([.. _unread.ToArray(), .. bytes]);
        return GoOn();
    }

    public Progress Send(string hex) => Send(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>Hands in what is left, as a transport does after waiting.</summary>
    public Progress GoOn() => Progress = Connection.Receive(ref _unread);

    /// <summary>The network goes away.</summary>
    public void Vanish() => Connection.Dispose();

    /// <summary>The next packet that the client got; empty where there is none.</summary>
    public string Next()
    {
        (_broker.Workers as ManualWorkers)?.Settle(_broker);
        Take();
        var rest = _received.WrittenSpan[_read..];
        var before = rest.Length;
        using var reader = new PacketReader(VarInt.Max);
        if (reader.Read(ref rest, out var packet) != Decode.Done) return "";
        _read += before - rest.Length;
        return Describe(packet);
    }

    public List<string> All()
    {
        var all = new List<string>();
        while (Next() is { Length: > 0 } next) all.Add(next);
        return all;
    }

    public void OutputReady()
    {
        if (Reads) Take();
    }

    public void Resume() => WasResumed = true;

    public void Close() => IsClosed = true;

    private void Take()
    {
        while (Connection.TryTakeOutput(out var output))
        {
            _received.Write(output.Span);
            output.Release();
            Writes++;
        }
    }

    private string Describe(in Packet packet)
    {
        switch (packet.Type)
        {
            case PacketType.ConnAck:
                Assert.Equal(ReasonCode.Success, ConnAckPacket.Read(packet, _version, out var connAck));
                var text = new StringBuilder($"ConnAck {connAck.Reason}{(connAck.SessionPresent ? " present" : "")}");
                foreach (var property in connAck.Properties)
                    text.Append(CultureInfo.InvariantCulture, $" {property.Id}={(property.Value.IsEmpty ? property.Number : Encoding.UTF8.GetString(property.Value))}");
                return text.ToString();
            case PacketType.Publish:
                Assert.Equal(ReasonCode.Success, PublishPacket.Read(packet, _version, out var publish));
                var identifier = "";
                foreach (var property in publish.Properties)
                    if (property.Id == PropertyId.SubscriptionIdentifier) identifier += $" for {property.Number}";
                var alias = publish.Properties.TryGet(PropertyId.TopicAlias, out uint number) ? $" alias {number}" : "";
                var expiry = publish.Properties.TryGet(PropertyId.MessageExpiryInterval, out uint seconds) ? $" expires {seconds}" : "";
                var flags = $"{(publish.Retain ? " retained" : "")}{(publish.Dup ? " dup" : "")}";
                return $"{Encoding.UTF8.GetString(publish.Topic)} {Encoding.UTF8.GetString(publish.Payload)} q{publish.Qos} #{publish.PacketId}{flags}{identifier}{alias}{expiry}";
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                Assert.Equal(ReasonCode.Success, AckPacket.Read(packet, _version, out var ack));
                return $"{packet.Type} {ack.PacketId}{(ack.Reason == ReasonCode.Success ? "" : $" {ack.Reason}")}";
            case PacketType.SubAck or PacketType.UnsubAck:
                Assert.Equal(ReasonCode.Success, SubAckPacket.Read(packet, _version, out var subAck));
                return $"{packet.Type} {subAck.PacketId}: {Convert.ToHexString(subAck.Codes)}";
            case PacketType.Disconnect:
                Assert.Equal(ReasonCode.Success, DisconnectPacket.Read(packet, _version, out var disconnect));
                return $"Disconnect {disconnect.Reason}";
            default:
                return packet.Type.ToString();
        }
    }
}
