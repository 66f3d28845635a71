using System.Buffers;
using Millrace.Mqtt;
using Millrace.Testing.Mqtt;

namespace Millrace.Tests.Mqtt;

public sealed class GarbageTests
{
    private static readonly PacketType[] Types = Enum.GetValues<PacketType>();

    [Fact]
    public void Any_bytes_end_as_a_packet_a_wait_or_a_refusal_and_never_as_an_exception()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(1, 80)];
            random.NextBytes(bytes);

            // A plausible fixed header, so that most get past it.
            bytes[0] = (byte)((byte)Types[random.Next(Types.Length)] << 4 | (random.Next(2) == 0 ? bytes[0] & 15 : 2));
            if (bytes.Length > 1 && random.Next(4) > 0) bytes[1] = (byte)(bytes.Length - 2);
            ReadAll(bytes, seed % 2 == 0 ? ProtocolVersion.V5 : ProtocolVersion.V311);
        }
    }

    [Fact]
    public void A_valid_packet_with_some_bytes_changed_is_read_or_refused()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var version = random.Next(2) == 0 ? ProtocolVersion.V5 : ProtocolVersion.V311;
            var type = Types[random.Next(version == ProtocolVersion.V5 ? 15 : 14)];
            var bytes = SomePacket.Bytes(random, type, version);
            for (var i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            ReadAll(bytes, version);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x00, 0x00 })]
    [InlineData(new byte[] { 0x36, 0x02, 0, 0 })]
    [InlineData(new byte[] { 0x38, 0x02, 0, 0 })]
    [InlineData(new byte[] { 0x80, 0x02, 0, 1 })]
    [InlineData(new byte[] { 0x60, 0x02, 0, 1 })]
    [InlineData(new byte[] { 0xC1, 0x00 })]
    [InlineData(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x30, 0x80, 0x00 })]
    public void A_fixed_header_that_is_not_valid_is_malformed_before_anything_else_is_looked_at(byte[] bytes)
    {
        using var reader = new PacketReader(VarInt.Max);
        ReadOnlySpan<byte> rest = bytes;
        Assert.Equal(Decode.Malformed, reader.Read(ref rest, out _));
        Assert.Equal(ReasonCode.MalformedPacket, reader.Reason);
    }

    [Fact]
    public void A_packet_larger_than_the_limit_is_refused_before_its_bytes_arrive()
    {
        using var reader = new PacketReader(1000);
        ReadOnlySpan<byte> fits = [0x30, 0xE5, 0x07];
        ReadOnlySpan<byte> larger = [0x30, 0xE6, 0x07];
        Assert.Equal(Decode.NeedMore, reader.Read(ref fits, out _));
        Assert.Equal(Decode.Malformed, reader.Read(ref larger, out _));
        Assert.Equal(ReasonCode.PacketTooLarge, reader.Reason);
    }

    private static void ReadAll(byte[] bytes, ProtocolVersion version)
    {
        using var reader = new PacketReader(100_000);
        ReadOnlySpan<byte> rest = bytes;
        while (reader.Read(ref rest, out var packet) == Decode.Done)
        {
            Assert.True(rest.Length + packet.Body.Length < bytes.Length);
            SomePacket.Rewrite(packet, version, new ArrayBufferWriter<byte>());
        }
    }
}
