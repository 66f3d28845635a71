using System.Buffers;
using Millrace.Mqtt;
using Millrace.Testing.Mqtt;

namespace Millrace.Tests.Mqtt;

public sealed class RoundTripTests
{
    private const int Seeds = 300;

    public static TheoryData<PacketType, ProtocolVersion> Kinds()
    {
        var kinds = new TheoryData<PacketType, ProtocolVersion>();
        foreach (var type in Enum.GetValues<PacketType>())
            foreach (var version in Enum.GetValues<ProtocolVersion>())
                if (SomePacket.Exists(type, version)) kinds.Add(type, version);
        return kinds;
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_was_written_reads_and_writes_as_the_same_bytes(PacketType type, ProtocolVersion version)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var bytes = SomePacket.Bytes(new Random(seed), type, version);
            using var reader = new PacketReader(VarInt.Max);
            ReadOnlySpan<byte> rest = bytes;
            Assert.True(reader.Read(ref rest, out var packet) == Decode.Done, $"seed {seed}");
            Assert.True(rest.IsEmpty, $"seed {seed}");
            Assert.Equal(type, packet.Type);
            var again = new ArrayBufferWriter<byte>();
            Assert.True(SomePacket.Rewrite(packet, version, again) == ReasonCode.Success, $"seed {seed}");
            Assert.True(again.WrittenSpan.SequenceEqual(bytes), $"seed {seed}");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Cut_off_at_any_byte_it_needs_more(PacketType type, ProtocolVersion version)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var bytes = SomePacket.Bytes(new Random(seed), type, version);
            using var reader = new PacketReader(VarInt.Max);
            for (var length = 0; length < bytes.Length; length++)
            {
                var rest = bytes.AsSpan(0, length);
                ReadOnlySpan<byte> before = rest;
                Assert.Equal(Decode.NeedMore, reader.Read(ref before, out _));
                Assert.Equal(length, before.Length);
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void In_any_two_segments_it_reads_the_same(PacketType type, ProtocolVersion version)
    {
        var bytes = SomePacket.Bytes(new Random(7), type, version);
        using var reader = new PacketReader(VarInt.Max);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var sequence = Pieces.Join(bytes[..cut], bytes[cut..]);
            Assert.Equal(Decode.Done, reader.Read(ref sequence, out var packet));
            Assert.True(sequence.IsEmpty);
            var again = new ArrayBufferWriter<byte>();
            Assert.Equal(ReasonCode.Success, SomePacket.Rewrite(packet, version, again));
            Assert.True(again.WrittenSpan.SequenceEqual(bytes), $"cut {cut}");
        }
    }
}
