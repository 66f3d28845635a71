using System.Buffers;
using Millrace.Mqtt;

namespace Millrace.Testing.Mqtt;

/// <summary>What holds for the codec on any bytes. Throws where it does not.</summary>
public static class CodecCheck
{
    /// <param name="bytes">Packets, or anything.</param>
    /// <param name="version">That the connection would have.</param>
    /// <param name="maxPacketSize">That the reader is to keep to.</param>
    /// <param name="random">How the bytes are cut into pieces.</param>
    public static void Run(byte[] bytes, ProtocolVersion version, int maxPacketSize, Random random)
    {
        var expected = Plainly(bytes, version, maxPacketSize);
        AssertSame(expected, InOne(bytes, version, maxPacketSize), "in one span");
        AssertSame(expected, InPieces(Pieces.Join(Pieces.Cut(random, bytes)), version, maxPacketSize), "in pieces");
        AssertSame(expected, AsTheyCome(Pieces.Cut(random, bytes), version, maxPacketSize), "as pieces come in");
    }

    /// <summary>The packets that the bytes hold, in their order, and at the end what the reader must say: the slow way.</summary>
    private static List<string> Plainly(byte[] bytes, ProtocolVersion version, int maxPacketSize)
    {
        var said = new List<string>();
        for (var at = 0; ;)
        {
            var (end, header, length) = PlainHeader(bytes[at..], maxPacketSize);
            if (end is null && bytes.Length - at - header < length) end = Decode.NeedMore;
            if (end is not null)
            {
                said.Add($"{end} with {bytes.Length - at} left");
                return said;
            }

            var body = bytes[(at + header)..(at + header + length)];
            said.Add(PlainReader.Read(bytes[at], body, version) ?? $"refused {bytes[at]:X2} {Convert.ToHexString(body)}");
            at += header + length;
        }
    }

    private static (Decode? End, int Header, int Length) PlainHeader(byte[] rest, int maxPacketSize)
    {
        if (rest.Length == 0) return (Decode.NeedMore, 0, 0);
        if (!PlainReader.IsFirstByte(rest[0])) return (Decode.Malformed, 0, 0);
        long length = 0;
        for (var i = 1; i <= 4; i++)
        {
            // What is there of the length can be too much already, whatever follows.
            if (i == rest.Length) return (i + length > maxPacketSize ? Decode.Malformed : Decode.NeedMore, 0, 0);
            length += rest[i] % 128 * (long)Math.Pow(128, i - 1);
            if (rest[i] == 0 && i > 1) return (Decode.Malformed, 0, 0);
            if (rest[i] < 128) return (i + 1 + length > maxPacketSize ? Decode.Malformed : null, i + 1, (int)length);
        }

        return (Decode.Malformed, 0, 0);
    }

    private static List<string> InOne(byte[] bytes, ProtocolVersion version, int maxPacketSize)
    {
        using var reader = new PacketReader(maxPacketSize);
        var said = new List<string>();
        ReadOnlySpan<byte> rest = bytes;
        Decode found;
        while ((found = reader.Read(ref rest, out var packet)) == Decode.Done) said.Add(Text(packet, version));
        said.Add($"{found} with {rest.Length} left");
        return said;
    }

    private static List<string> InPieces(ReadOnlySequence<byte> rest, ProtocolVersion version, int maxPacketSize)
    {
        using var reader = new PacketReader(maxPacketSize);
        var said = new List<string>();
        var found = ReadAll(reader, ref rest, version, said);
        said.Add($"{found} with {rest.Length} left");
        return said;
    }

    /// <summary>What a transport does: hands in what is left with each piece that arrives.</summary>
    private static List<string> AsTheyCome(List<byte[]> pieces, ProtocolVersion version, int maxPacketSize)
    {
        using var reader = new PacketReader(maxPacketSize);
        var said = new List<string>();
        var found = Decode.NeedMore;
        byte[] left = [];
        var i = 0;
        while (i < pieces.Count && found == Decode.NeedMore)
        {
            var rest = Pieces.Join(left, pieces[i++]);
            found = ReadAll(reader, ref rest, version, said);
            left = rest.ToArray();
        }

        said.Add($"{found} with {left.Length + pieces.Skip(i).Sum(p => p.Length)} left");
        return said;
    }

    private static Decode ReadAll(PacketReader reader, ref ReadOnlySequence<byte> rest, ProtocolVersion version, List<string> said)
    {
        while (true)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var found = reader.Read(ref rest, out var packet);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            // The pool gives a power of two, and keeps a list of what it has for each thread.
            if (allocated > (2 * reader.MaxPacketSize) + 4096)
                throw new InvalidOperationException($"A reader of packets up to {reader.MaxPacketSize} bytes allocated {allocated}.");
            if (found != Decode.Done) return found;
            said.Add(Text(packet, version));
        }
    }

    private static string Text(in Packet packet, ProtocolVersion version)
    {
        if (PacketText.Of(packet, version) is not { } text)
            return $"refused {((int)packet.Type << 4) | packet.Flags:X2} {Convert.ToHexString(packet.Body)}";

        // What is read can be written, and says the same then.
        var again = new ArrayBufferWriter<byte>();
        SomePacket.Rewrite(packet, version, again);
        using var reader = new PacketReader(VarInt.Max);
        var rest = again.WrittenSpan;
        if (reader.Read(ref rest, out var rewritten) != Decode.Done || !rest.IsEmpty || PacketText.Of(rewritten, version) != text)
            throw new InvalidOperationException($"Written again, it does not say the same: {text}");
        return text;
    }

    private static void AssertSame(List<string> expected, List<string> actual, string how)
    {
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            var (plain, fast) = (expected.ElementAtOrDefault(i), actual.ElementAtOrDefault(i));
            if (plain != fast) throw new InvalidOperationException($"Packet {i}, read {how}: expected {plain ?? "nothing"}; the codec says {fast ?? "nothing"}.");
        }
    }
}
