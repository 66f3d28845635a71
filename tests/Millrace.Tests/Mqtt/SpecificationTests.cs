using System.Buffers;
using System.Globalization;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;
using Millrace.Testing.Mqtt;

namespace Millrace.Tests.Mqtt;

public sealed class SpecificationTests
{
    [Theory]
    [InlineData("a packet id of 0", "32 05 0001 61 0000", ReasonCode.MalformedPacket)]
    [InlineData("no topic and no alias", "30 03 0000 00", ReasonCode.ProtocolError)]
    [InlineData("a wildcard in the topic", "30 04 0001 2B 00", ReasonCode.TopicNameInvalid)]
    [InlineData("U+0000 in the topic", "30 04 0001 00 00", ReasonCode.MalformedPacket)]
    [InlineData("a surrogate in the topic", "30 06 0003 EDA080 00", ReasonCode.MalformedPacket)]
    [InlineData("an overlong slash in the topic", "30 05 0002 C0AF 00", ReasonCode.MalformedPacket)]
    [InlineData("a topic longer than the packet", "30 03 0005 61", ReasonCode.MalformedPacket)]
    [InlineData("a property twice", "30 08 0001 61 04 0100 0100", ReasonCode.ProtocolError)]
    [InlineData("a property of another packet", "30 07 0001 61 03 210001", ReasonCode.MalformedPacket)]
    [InlineData("an unknown property", "30 06 0001 61 02 7F00", ReasonCode.MalformedPacket)]
    [InlineData("properties longer than the packet", "30 05 0001 61 05 01", ReasonCode.MalformedPacket)]
    [InlineData("topic alias 0", "30 07 0001 61 03 230000", ReasonCode.TopicAliasInvalid)]
    [InlineData("payload format 2", "30 06 0001 61 02 0102", ReasonCode.ProtocolError)]
    [InlineData("a response topic with a wildcard", "30 08 0001 61 04 08000123", ReasonCode.ProtocolError)]
    [InlineData("two subscription identifiers", "30 08 0001 61 04 0B01 0B02", ReasonCode.Success)]
    [InlineData("an empty payload", "30 04 0001 61 00", ReasonCode.Success)]
    [InlineData("a byte order mark, which is text", "30 06 0003 EFBBBF 00", ReasonCode.Success)]
    public void PUBLISH_with(string what, string hex, ReasonCode expected) => Check(what, hex, ProtocolVersion.V5, expected);

    [Theory]
    [InlineData("the reserved flag", "10 0C 0004 4D515454 04 01 0000 0000", ReasonCode.MalformedPacket)]
    [InlineData("another protocol name", "10 0C 0004 4D515450 04 02 0000 0000", ReasonCode.UnsupportedProtocolVersion)]
    [InlineData("level 6", "10 0D 0004 4D515454 06 02 0000 00 0000", ReasonCode.UnsupportedProtocolVersion)]
    [InlineData("a will QoS without a will", "10 0C 0004 4D515454 04 0A 0000 0000", ReasonCode.MalformedPacket)]
    [InlineData("will QoS 3", "10 10 0004 4D515454 04 1E 0000 0000 0000 0000", ReasonCode.MalformedPacket)]
    [InlineData("a password without a user in 3.1.1", "10 0E 0004 4D515454 04 42 0000 0000 0000", ReasonCode.MalformedPacket)]
    [InlineData("a password without a user in 5", "10 0F 0004 4D515454 05 42 0000 00 0000 0000", ReasonCode.Success)]
    [InlineData("bytes after its end", "10 0D 0004 4D515454 04 02 0000 0000 00", ReasonCode.MalformedPacket)]
    [InlineData("receive maximum 0", "10 10 0004 4D515454 05 02 0000 03 210000 0000", ReasonCode.ProtocolError)]
    [InlineData("authentication data without a method", "10 11 0004 4D515454 05 02 0000 04 16000161 0000", ReasonCode.ProtocolError)]
    public void CONNECT_with(string what, string hex, ReasonCode expected) => Check(what, hex, ProtocolVersion.V5, expected);

    [Theory]
    [InlineData("no filter", "82 03 0001 00", ProtocolVersion.V5, ReasonCode.ProtocolError)]
    [InlineData("QoS 3", "82 07 0001 00 0001 61 03", ProtocolVersion.V5, ReasonCode.ProtocolError)]
    [InlineData("retain handling 3", "82 07 0001 00 0001 61 30", ProtocolVersion.V5, ReasonCode.ProtocolError)]
    [InlineData("a reserved bit", "82 07 0001 00 0001 61 40", ProtocolVersion.V5, ReasonCode.MalformedPacket)]
    [InlineData("no-local on a shared subscription", "82 10 0001 00 000A 2473686172652F672F61 05", ProtocolVersion.V5, ReasonCode.ProtocolError)]
    [InlineData("options of MQTT 5 in 3.1.1", "82 06 0001 0001 61 04", ProtocolVersion.V311, ReasonCode.MalformedPacket)]
    [InlineData("subscription identifier 0", "82 09 0001 02 0B00 0001 61 00", ProtocolVersion.V5, ReasonCode.ProtocolError)]
    public void SUBSCRIBE_with(string what, string hex, ProtocolVersion version, ReasonCode expected) => Check(what, hex, version, expected);

    [Theory]
    [InlineData("a reason code that PUBACK has not", "40 03 0001 92", ReasonCode.MalformedPacket)]
    [InlineData("no reason code", "40 02 0001", ReasonCode.Success)]
    [InlineData("a reason code and no properties", "40 03 0001 10", ReasonCode.Success)]
    [InlineData("a body in PINGREQ", "C0 01 00", ReasonCode.MalformedPacket)]
    [InlineData("nothing in DISCONNECT", "E0 00", ReasonCode.Success)]
    [InlineData("bytes after the properties of DISCONNECT", "E0 03 00 00 00", ReasonCode.MalformedPacket)]
    [InlineData("a session in a refusing CONNACK", "20 03 01 87 00", ReasonCode.MalformedPacket)]
    public void Other_packets_with(string what, string hex, ReasonCode expected) => Check(what, hex, ProtocolVersion.V5, expected);

    [Fact]
    public void AUTH_is_no_packet_of_3_1_1() => Check("AUTH", "F0 00", ProtocolVersion.V311, ReasonCode.MalformedPacket);

    [Fact]
    public void PUBLISH_reads_as_the_example_of_the_specification()
    {
        using var reader = new PacketReader(1000);
        ReadOnlySpan<byte> rest = Convert.FromHexString("3B0A0003612F62000A000102");
        Assert.Equal(Decode.Done, reader.Read(ref rest, out var packet));
        Assert.Equal(ReasonCode.Success, PublishPacket.Read(packet, ProtocolVersion.V5, out var publish));
        Assert.Equal("a/b"u8.ToArray(), publish.Topic.ToArray());
        Assert.Equal(10, publish.PacketId);
        Assert.Equal(1, publish.Qos);
        Assert.True(publish.Dup);
        Assert.True(publish.Retain);
        Assert.Equal([1, 2], publish.Payload.ToArray());
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(16_383, "FF7F")]
    [InlineData(16_384, "808001")]
    [InlineData(2_097_151, "FFFF7F")]
    [InlineData(2_097_152, "80808001")]
    [InlineData(268_435_455, "FFFFFF7F")]
    public void A_variable_byte_integer_has_one_form(int value, string hex)
    {
        var bytes = new byte[4];
        Assert.Equal(hex, Convert.ToHexString(bytes, 0, VarInt.Write(bytes, value)));
        Assert.Equal(Decode.Done, VarInt.Read(Convert.FromHexString(hex), out var read, out var used));
        Assert.Equal((value, hex.Length / 2), (read, used));
        Assert.Equal(used, VarInt.SizeOf(value));
    }

    private static void Check(string what, string hex, ProtocolVersion version, ReasonCode expected)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(bytes.Length - 2 == bytes[1], string.Create(CultureInfo.InvariantCulture, $"{what}: the test's own length is wrong, {bytes.Length - 2:X2}"));
        using var reader = new PacketReader(1000);
        ReadOnlySpan<byte> rest = bytes;
        Assert.Equal(Decode.Done, reader.Read(ref rest, out var packet));
        Assert.Equal(expected, SomePacket.Rewrite(packet, version, new ArrayBufferWriter<byte>()));
    }
}
