using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.SystemTests.Interop;

/// <summary>Hears what the publishers publish, in a session that outlives its connections.</summary>
/// <param name="id">Its client id.</param>
/// <param name="port">Of the server.</param>
/// <param name="version">That it speaks.</param>
/// <param name="filter">What it subscribes to.</param>
/// <param name="qos">Of its subscription.</param>
/// <param name="receiveMaximum">How many messages it takes at once, in MQTT 5.</param>
/// <param name="mood">It rests for some milliseconds now and then, and breaks its connection off once in a while; null: it never does.</param>
internal sealed class SessionSubscriber(string id, int port, ProtocolVersion version, string filter, int qos, int receiveMaximum, Random? mood = null)
    : SessionClient(id, port, version, receiveMaximum)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<int>> _heard = [];

    // Packet ids of QoS 2 messages that were taken and not yet released: such a one is not a new message.
    private readonly HashSet<ushort> _received = [];
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Qos { get; } = qos;

    /// <summary>Ends when its subscription is granted.</summary>
    public Task Subscribed => _subscribed.Task;

    /// <summary>The numbers of a topic, in the order they came.</summary>
    public int[] Heard(string topic)
    {
        lock (_gate) return _heard.TryGetValue(topic, out var numbers) ? [.. numbers] : [];
    }

    protected override bool IsDone => false;

    protected override void Begin(IBufferWriter<byte> output, bool isNew)
    {
        if (!isNew) return;
        var list = new ArrayBufferWriter<byte>();
        SubscriptionWriter.Add(list, Encoding.UTF8.GetBytes(filter), (byte)Qos);
        PacketWriter.Write(output, Version, new SubscribePacket { PacketId = 1, Subscriptions = new(list.WrittenSpan) });
    }

    protected override void Handle(ArrivedPacket packet, IBufferWriter<byte> output)
    {
        switch (packet.Type)
        {
            case PacketType.SubAck:
                Assert.Equal((byte)Qos, packet.Body[^1]);
                _subscribed.TrySetResult();
                break;
            case PacketType.Publish:
                Assert.Equal(ReasonCode.Success, PublishPacket.Read(packet.Packet, Version, out var publish));
                if (publish.Qos != 2 || _received.Add(publish.PacketId))
                    Hear(Encoding.UTF8.GetString(publish.Topic), int.Parse(publish.Payload, CultureInfo.InvariantCulture));
                Answer(output, publish.Qos == 2 ? PacketType.PubRec : PacketType.PubAck, publish.PacketId);
                break;
            case PacketType.PubRel:
                Assert.Equal(ReasonCode.Success, AckPacket.Read(packet.Packet, Version, out var release));
                _received.Remove(release.PacketId);
                Answer(output, PacketType.PubComp, release.PacketId);
                break;
            default:
                Assert.Fail($"{Id}: {packet.Type} came");
                break;
        }
    }

    protected override async ValueTask RestAsync(CancellationToken stop)
    {
        if (mood is null) return;
        if (mood.Next(20) == 0) await Task.Delay(mood.Next(1, 10), stop);
        if (Subscribed.IsCompleted && mood.Next(200) == 0) throw new SocketException((int)SocketError.ConnectionAborted);
    }

    private void Hear(string topic, int number)
    {
        lock (_gate)
        {
            if (!_heard.TryGetValue(topic, out var numbers)) _heard[topic] = numbers = [];
            numbers.Add(number);
        }
    }

    private void Answer(IBufferWriter<byte> output, PacketType type, ushort packetId) =>
        PacketWriter.Write(output, Version, new AckPacket { Type = type, PacketId = packetId });
}
