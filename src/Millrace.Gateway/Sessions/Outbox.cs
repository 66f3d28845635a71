using System.Buffers;
using System.Buffers.Binary;
using Millrace.Gateway.Connections;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Sessions;

/// <summary>What one client is to be sent: answers, and messages it subscribed to. Guarded by its session's lock.</summary>
internal sealed class Outbox(BrokerOptions options)
{
    private readonly OutputBuffer _output = new();
    private readonly Queue<ArraySegment<byte>> _waiting = new();
    private readonly HashSet<ushort> _inFlight = [];
    private int _waitingBytes;
    private int _maxInFlight = options.MaxInFlight;
    private long _maxPacketSize = long.MaxValue;
    private ushort _lastPacketId;

    /// <summary>For answers, which are never dropped: a session that is not read from stops reading.</summary>
    public OutputBuffer Output => _output;

    public bool IsFull => _output.Length + _waitingBytes > options.MaxOutbox.Bytes;

    public void SetLimits(uint receiveMaximum, uint maxPacketSize)
    {
        _maxInFlight = (int)Math.Min(receiveMaximum, (uint)options.MaxInFlight);
        _maxPacketSize = maxPacketSize;
    }

    public Delivered Add(ProtocolVersion version, in PublishPacket packet)
    {
        var size = PacketWriter.SizeOf(version, packet);

        // [MQTT-3.1.2-24], [MQTT-3.1.2-25] A packet larger than the client takes is not sent, as if it had been.
        if (size > _maxPacketSize) return Delivered.Dropped;
        if (_output.Length + _waitingBytes + size > options.MaxOutbox.Bytes)
            return packet.Qos == 0 ? Delivered.Dropped : Delivered.Overflow;

        if (packet.Qos == 0 || (_inFlight.Count < _maxInFlight && _waiting.Count == 0))
        {
            var id = packet.Qos == 0 ? (ushort)0 : NextPacketId();
            PacketWriter.Write(_output, version, new PublishPacket
            {
                Topic = packet.Topic,
                Payload = packet.Payload,
                Properties = packet.Properties,
                Qos = packet.Qos,
                PacketId = id,
            });
            return Delivered.Taken;
        }

        Enqueue(version, packet, size);
        return Delivered.Taken;
    }

    /// <summary>The client has got one, and the next may follow. An id that is not in flight changes nothing.</summary>
    public void Acknowledged(ushort packetId)
    {
        if (!_inFlight.Remove(packetId)) return;
        while (_inFlight.Count < _maxInFlight && _waiting.TryDequeue(out var packet))
        {
            _waitingBytes -= packet.Count;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(PacketIdAt(packet)), NextPacketId());
            _output.Write(packet);
            ArrayPool<byte>.Shared.Return(packet.Array!);
        }
    }

    /// <summary>Forgets what waits: nobody will acknowledge any more.</summary>
    public void DropWaiting()
    {
        while (_waiting.TryDequeue(out var packet)) ArrayPool<byte>.Shared.Return(packet.Array!);
        _waitingBytes = 0;
    }

    private void Enqueue(ProtocolVersion version, in PublishPacket packet, int size)
    {
        var into = new FixedBuffer(ArrayPool<byte>.Shared.Rent(size + 5));
        PacketWriter.Write(into, version, packet);
        _waiting.Enqueue(into.Written);
        _waitingBytes += size;
    }

    private ushort NextPacketId()
    {
        // [MQTT-2.2.1-4] An id that is not in use; fewer than all 65,535 of them ever are.
        do
        {
            _lastPacketId = _lastPacketId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastPacketId + 1);
        }
        while (!_inFlight.Add(_lastPacketId));
        return _lastPacketId;
    }

    private static int PacketIdAt(ReadOnlySpan<byte> packet)
    {
        VarInt.Read(packet[1..], out _, out var lengthBytes);
        return 3 + lengthBytes + BinaryPrimitives.ReadUInt16BigEndian(packet[(1 + lengthBytes)..]);
    }

    private sealed class FixedBuffer(byte[] bytes) : IBufferWriter<byte>
    {
        private int _used;

        public ArraySegment<byte> Written => new(bytes, 0, _used);

        public void Advance(int count) => _used += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => bytes.AsMemory(_used);

        public Span<byte> GetSpan(int sizeHint = 0) => bytes.AsSpan(_used);
    }
}
