using System.Buffers.Binary;
using System.Globalization;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Load;

/// <summary>A car with its own topic, trip and packet identifiers.</summary>
/// <remarks>
/// QoS 0 has no acknowledgement. A PINGREQ behind each batch takes its place: packets of a connection are handled in order, so the PINGRESP says that
/// the batch was read to its end, and no more than a batch is ever on its way.
/// </remarks>
internal sealed class Publisher : LoadClient
{
    private readonly TelemetryPacket _packet;
    private readonly LoadTally _tally;
    private readonly int _qos;
    private readonly int _window;

    // Packet identifier less one, to when it was sent; 0 while it is free.
    private readonly long[] _sentNs;
    private readonly int[] _free;
    private int _freeCount;

    // QoS 0: what was sent since the last PINGREQ, or is before one that is not answered.
    private long _batchNs;
    private int _batch;
    private bool _awaitsPong;

    private bool _wasAnswered;
    private long _sequence;
    private long _lastMicrosecond;

    // What is not acknowledged fits in: a PUBLISH a slot on the way out, an answer a slot on the way in.
    public Publisher(int number, int window, int qos, LoadTally tally)
        : base(NameOf(number), Math.Max(window, 16) * MqttPackets.AckLength, window * 200)
    {
        _packet = new TelemetryPacket(number, qos);
        _tally = tally;
        _qos = qos;
        _window = window;
        _sequence = number; // cars do not send the same measure at the same time
        _sentNs = new long[window];
        _free = [.. Enumerable.Range(0, window).Reverse()];
        _freeCount = window;
    }

    public bool HasRoom => _qos > 0 ? _freeCount > 0 : !_awaitsPong && _batch < _window;

    /// <summary>Whether an answer is still to come.</summary>
    public bool IsWaiting => _qos > 0 ? _freeCount < _window : _awaitsPong;

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"bench-car-{number:D6}");

    /// <summary>Puts one message behind what waits to be sent. Needs <see cref="HasRoom"/>.</summary>
    /// <param name="atNs">When it is, or was to be, sent: latency counts from here.</param>
    /// <param name="time">Scratch for the timestamp, which is <paramref name="atNs"/> unless the car's last one was no earlier.</param>
    public void Publish(long atNs, TimeText time)
    {
        var packetId = 0;
        if (_qos > 0)
        {
            var slot = _free[--_freeCount];
            _sentNs[slot] = atNs;
            packetId = slot + 1;
        }
        else if (_batch++ == 0)
        {
            _batchNs = atNs;
        }

        _lastMicrosecond = Math.Max(_lastMicrosecond + 1, atNs / 1000);
        time.Set(_lastMicrosecond);
        _packet.Write(Put(_packet.Length), packetId, _sequence++, time);
        _tally.Sent++;
    }

    /// <summary>Nothing more is published for now.</summary>
    public void EndBatch()
    {
        if (_batch == 0 || _awaitsPong) return;
        _awaitsPong = true;
        MqttPackets.Pingreq.CopyTo(Put(MqttPackets.Pingreq.Length));
    }

    /// <remarks>In 3.1.1 a server has no other word for a QoS that it does not offer.</remarks>
    public override FaultException Lost(string what) =>
        _qos == 2 && !_wasAnswered ? Refused("QoS 2: it ended the connection at the first PUBLISH") : base.Lost(what);

    protected override void Handle(ReadOnlySpan<byte> packet, int bodyAt)
    {
        _wasAnswered = true;
        switch (packet[0])
        {
            case MqttPackets.PubackType when _qos == 1:
            case MqttPackets.PubcompType when _qos == 2:
                var slot = SlotOf(packet[bodyAt..]);
                _tally.Acknowledge(_sentNs[slot]);
                _sentNs[slot] = 0;
                _free[_freeCount++] = slot;
                break;
            case MqttPackets.PubrecType when _qos == 2:
                _ = SlotOf(packet[bodyAt..]);
                MqttPackets.WriteAck(Put(MqttPackets.AckLength), MqttPackets.PubrelType, packet[bodyAt..]);
                break;
            case MqttPackets.PingrespType when _awaitsPong:
                for (; _batch > 0; _batch--) _tally.Acknowledge(_batchNs);
                _awaitsPong = false;
                break;
            default:
                throw Lost($"did not expect {Convert.ToHexString(packet)}");
        }
    }

    private int SlotOf(ReadOnlySpan<byte> body)
    {
        var slot = BinaryPrimitives.ReadUInt16BigEndian(body) - 1;
        return (uint)slot < (uint)_sentNs.Length && _sentNs[slot] != 0 ? slot : throw Lost($"packet {slot + 1} was answered, which is not in flight");
    }
}
