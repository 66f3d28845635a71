using System.Buffers;

namespace Millrace.Mqtt;

/// <summary>Finds packets in bytes. One for each connection; not for two threads at once.</summary>
/// <remarks>
/// Nothing is copied but a packet that lies across segments, into memory of the reader's own. A length is checked against
/// <see cref="MaxPacketSize"/> as soon as it is there, before anybody waits for that many bytes.
/// </remarks>
public sealed class PacketReader(int maxPacketSize) : IDisposable
{
    // One byte of type and flags, four of length.
    private const int LongestHeader = 5;

    private byte[] _joined = [];

    /// <summary>The whole packet, header included, may be no larger.</summary>
    public int MaxPacketSize { get; set; } = maxPacketSize;

    /// <summary>Why the last read was <see cref="Decode.Malformed"/>.</summary>
    public ReasonCode Reason { get; private set; }

    /// <summary>Reads the packet at the front of a span and, when done, moves the span past it.</summary>
    public Decode Read(scoped ref ReadOnlySpan<byte> rest, out Packet packet)
    {
        packet = default;
        var found = ReadHeader(rest, out var header, out var length);
        if (found != Decode.Done) return found;
        if (rest.Length - header < length) return Decode.NeedMore;
        packet = new Packet { Type = (PacketType)(rest[0] >> 4), Flags = (byte)(rest[0] & 0xF), Body = rest.Slice(header, length) };
        rest = rest[(header + length)..];
        return Decode.Done;
    }

    /// <summary>Reads the packet at the front of a sequence and, when done, moves the sequence past it.</summary>
    public Decode Read(scoped ref ReadOnlySequence<byte> rest, out Packet packet)
    {
        var first = rest.FirstSpan;
        var before = first.Length;
        var found = Read(ref first, out packet);
        if (found == Decode.Done)
        {
            rest = rest.Slice(before - first.Length);
            return found;
        }

        return found == Decode.Malformed || rest.IsSingleSegment ? found : ReadAcross(ref rest, out packet);
    }

    public void Dispose()
    {
        if (_joined.Length > 0) ArrayPool<byte>.Shared.Return(_joined);
        _joined = [];
    }

    private Decode ReadAcross(scoped ref ReadOnlySequence<byte> rest, out Packet packet)
    {
        packet = default;
        Span<byte> start = stackalloc byte[LongestHeader];
        var startLength = (int)Math.Min(rest.Length, LongestHeader);
        rest.Slice(0, startLength).CopyTo(start);
        var found = ReadHeader(start[..startLength], out var header, out var length);
        if (found != Decode.Done) return found;
        if (rest.Length - header < length) return Decode.NeedMore;

        var body = rest.Slice(header, length);
        packet = new Packet
        {
            Type = (PacketType)(start[0] >> 4),
            Flags = (byte)(start[0] & 0xF),
            Body = body.IsSingleSegment ? body.FirstSpan : Join(body, length),
        };
        rest = rest.Slice(header + length);
        return Decode.Done;
    }

    private ReadOnlySpan<byte> Join(scoped in ReadOnlySequence<byte> body, int length)
    {
        if (_joined.Length < length)
        {
            Dispose();
            _joined = ArrayPool<byte>.Shared.Rent(length);
        }

        body.CopyTo(_joined);
        return _joined.AsSpan(0, length);
    }

    private Decode ReadHeader(scoped ReadOnlySpan<byte> bytes, out int header, out int length)
    {
        header = length = 0;
        if (bytes.IsEmpty) return Decode.NeedMore;
        if (!FlagsAreValid(bytes[0])) return Refuse(ReasonCode.MalformedPacket);
        var found = VarInt.Read(bytes[1..], out length, out var used);
        header = 1 + used;
        if (found == Decode.Malformed) return Refuse(ReasonCode.MalformedPacket);

        // Also of a length that is not complete yet: its upper bytes only make it larger.
        return header + length > MaxPacketSize ? Refuse(ReasonCode.PacketTooLarge) : found;
    }

    private Decode Refuse(ReasonCode reason)
    {
        Reason = reason;
        return Decode.Malformed;
    }

    private static bool FlagsAreValid(byte first) => (PacketType)(first >> 4) switch
    {
        // [MQTT-3.3.1-4] Never both QoS bits; [MQTT-3.3.1-2] no DUP with QoS 0.
        PacketType.Publish => (first & 0b0110) != 0b0110 && (first & 0b1110) != 0b1000,

        // [MQTT-2.1.3-1], [MQTT-3.6.1-1], [MQTT-3.8.1-1], [MQTT-3.10.1-1]: flags that are reserved have the value of table 2-2.
        PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe => (first & 0xF) == 0b0010,
        0 => false,
        _ => (first & 0xF) == 0,
    };
}
