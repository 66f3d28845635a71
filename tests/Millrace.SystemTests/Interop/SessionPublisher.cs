using System.Buffers;
using System.Globalization;
using System.Text;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.SystemTests.Interop;

/// <summary>Publishes numbers, each until it is acknowledged: odd ones with QoS 1 to one topic, even ones with QoS 2 to another.</summary>
internal sealed class SessionPublisher(string id, int port, ProtocolVersion version, int count, int window)
    : SessionClient(id, port, version, receiveMaximum: 100)
{
    // In the order they were first sent, which is the order they are sent again in [MQTT-4.6.0-1].
    private readonly List<Sent> _inFlight = [];
    private ushort _lastId;
    private int _next = 1;
    private int _acknowledged;

    /// <summary>How many numbers, from 1 on.</summary>
    public int Count { get; } = count;

    /// <summary>PUBACK or PUBCOMP came for as many.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public static int QosOf(int number) => number % 2 == 1 ? 1 : 2;

    /// <summary>Where the numbers of this QoS go.</summary>
    public string Topic(int qos) => $"kill/{Id}/{qos}";

    protected override bool IsDone => _acknowledged == Count;

    protected override void Begin(IBufferWriter<byte> output, bool isNew)
    {
        for (var i = 0; i < _inFlight.Count; i++)
        {
            var sent = _inFlight[i] = _inFlight[i] with { Again = true };
            if (sent.Released) Release(output, sent.PacketId);
            else Publish(output, sent, dup: true);
        }

        Fill(output);
    }

    protected override void Handle(ArrivedPacket packet, IBufferWriter<byte> output)
    {
        Assert.Equal(ReasonCode.Success, AckPacket.Read(packet.Packet, Version, out var ack));
        var (packetId, type, reason) = (ack.PacketId, packet.Type, ack.Reason);
        var at = _inFlight.FindIndex(sent => sent.PacketId == packetId);
        Assert.True(at >= 0, $"{Id}: {type} of {packetId}, which is not in flight");

        // Section 3.7.2.1: that an id is not found is no error where a PUBREL is sent again.
        var forgotten = reason == ReasonCode.PacketIdentifierNotFound && type == PacketType.PubComp && _inFlight[at].Again;
        Assert.True(forgotten || reason is ReasonCode.Success or ReasonCode.NoMatchingSubscribers, $"{Id}: {type} says {reason}");
        switch (type)
        {
            case PacketType.PubAck when _inFlight[at].Qos == 1:
            case PacketType.PubComp when _inFlight[at] is { Qos: 2, Released: true }:
                _inFlight.RemoveAt(at);
                Interlocked.Increment(ref _acknowledged);
                Fill(output);
                break;
            case PacketType.PubRec when _inFlight[at].Qos == 2:
                _inFlight[at] = _inFlight[at] with { Released = true };
                Release(output, packetId);
                break;
            default:
                Assert.Fail($"{Id}: {type} came for {_inFlight[at]}");
                break;
        }
    }

    private void Fill(IBufferWriter<byte> output)
    {
        while (_inFlight.Count < window && _next <= Count)
        {
            var sent = new Sent(++_lastId, _next, QosOf(_next), Released: false, Again: false);
            _next++;
            _inFlight.Add(sent);
            Publish(output, sent, dup: false);
        }
    }

    private void Publish(IBufferWriter<byte> output, Sent sent, bool dup) => PacketWriter.Write(output, Version, new PublishPacket
    {
        Topic = Encoding.UTF8.GetBytes(Topic(sent.Qos)),
        Payload = Encoding.UTF8.GetBytes(sent.Number.ToString(CultureInfo.InvariantCulture)),
        PacketId = sent.PacketId,
        Qos = (byte)sent.Qos,
        Dup = dup,
    });

    private void Release(IBufferWriter<byte> output, ushort packetId) =>
        PacketWriter.Write(output, Version, new AckPacket { Type = PacketType.PubRel, PacketId = packetId });

    private sealed record Sent(ushort PacketId, int Number, int Qos, bool Released, bool Again);
}
