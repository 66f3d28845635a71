using Millrace.Mqtt;
using Millrace.Testing.Mqtt;

namespace Millrace.Tests.Mqtt;

/// <summary>Held against a second reader that was written from the specification alone, whatever the bytes and however they arrive.</summary>
public sealed class CodecPropertyTests
{
    private const int Seeds = 3000;
    private const int MaxPacketSize = 4096;

    [Fact]
    public void Valid_packets_say_the_same_to_both_readers() => ForEachSeed(static (_, samples) => [.. samples.SelectMany(static s => s)]);

    [Fact]
    public void Packets_with_something_changed_say_the_same_to_both_readers_or_nothing_to_either() =>
        ForEachSeed(static (random, samples) => [.. samples.SelectMany(s => random.Next(3) == 0 ? s : Mutation.Of(random, s, samples[0]))]);

    [Fact]
    public void Every_property_at_its_edges_in_every_packet_says_the_same_to_both_readers()
    {
        var random = new Random(1);
        foreach (var type in Enum.GetValues<PacketType>())
            foreach (var property in SomePacket.EdgeProperties)
            {
                Check(SomePacket.BytesWith(random, type, property), ProtocolVersion.V5, random, "alone");
                var other = SomePacket.EdgeProperties[random.Next(SomePacket.EdgeProperties.Count)];
                Check(SomePacket.BytesWith(random, type, [.. property, .. other]), ProtocolVersion.V5, random, "with another");
                Check(SomePacket.BytesWith(random, type, [.. property, .. property]), ProtocolVersion.V5, random, "twice");
            }
    }

    [Fact]
    public void Any_bytes_behind_a_plausible_header_say_the_same_to_both_readers() => ForEachSeed(static (random, _) =>
    {
        var bytes = new byte[random.Next(2, 60)];
        random.NextBytes(bytes);
        if (random.Next(8) > 0) bytes[0] = (byte)((random.Next(16) << 4) | new[] { 0, 2, 2, 4 }[random.Next(4)]);
        if (random.Next(4) > 0) bytes[1] = (byte)(bytes.Length - 2);
        return bytes;
    });

    [Fact]
    public void A_valid_packet_is_valid_to_the_second_reader()
    {
        foreach (var type in Enum.GetValues<PacketType>())
            foreach (var version in Enum.GetValues<ProtocolVersion>())
                for (var seed = 0; seed < 100 && SomePacket.Exists(type, version); seed++)
                {
                    var bytes = SomePacket.Bytes(new Random(seed), type, version);
                    Assert.Equal(Decode.Done, VarInt.Read(bytes.AsSpan(1), out _, out var used));
                    Assert.True(PlainReader.Read(bytes[0], bytes[(1 + used)..], version) is not null, $"{type} {version}, seed {seed}");
                }
    }

    [Fact]
    public void A_length_that_promises_much_costs_nothing_until_the_bytes_are_there()
    {
        // 200 MB are announced and ten bytes sent.
        byte[] bytes = [0x30, 0x80, 0x84, 0xAF, 0x5F, 0, 3, 1, 2, 3];
        using var reader = new PacketReader(VarInt.Max);
        var rest = Pieces.Join(bytes[..3], bytes[3..]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Decode.NeedMore, reader.Read(ref rest, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    private static void ForEachSeed(Func<Random, List<byte[]>, byte[]> make)
    {
        var types = Enum.GetValues<PacketType>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var version = random.Next(2) == 0 ? ProtocolVersion.V5 : ProtocolVersion.V311;
            var samples = new List<byte[]>();
            for (var count = random.Next(1, 4); samples.Count < count;)
                if (types[random.Next(types.Length)] is var type && SomePacket.Exists(type, version)) samples.Add(SomePacket.Bytes(random, type, version));
            var bytes = make(random, samples);
            Check(bytes, version, random, $"seed {seed}");
        }
    }

    private static void Check(byte[] bytes, ProtocolVersion version, Random random, string which)
    {
        try
        {
            CodecCheck.Run(bytes, version, MaxPacketSize, random);
        }
        catch (Exception e)
        {
            Assert.Fail($"{which}, {version}, {Convert.ToHexString(bytes)}: {e}");
        }
    }
}
