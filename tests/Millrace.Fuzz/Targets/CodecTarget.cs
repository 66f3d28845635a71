using Millrace.Mqtt;
using Millrace.Testing.Mqtt;

namespace Millrace.Fuzz.Targets;

/// <summary>Streams of packets, most of them with something changed, read in pieces and held against the second reader.</summary>
internal sealed class CodecTarget : IFuzzTarget
{
    private static readonly PacketType[] Types = Enum.GetValues<PacketType>();

    public string Name => "codec";

    public void Run(int seed, FuzzInput input)
    {
        var random = new Random(seed);
        var version = random.Next(2) == 0 ? ProtocolVersion.V5 : ProtocolVersion.V311;
        var bytes = new List<byte>();
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            var packet = Sample(random, version);
            bytes.AddRange(random.Next(3) == 0 ? packet : Mutation.Of(random, packet, Sample(random, version)));
        }

        var maxPacketSize = random.Next(4) == 0 ? random.Next(2, 200) : 64 * 1024;
        input.Add($"{version}, packets up to {maxPacketSize} bytes");
        input.Add("bytes", [.. bytes]);
        CodecCheck.Run([.. bytes], version, maxPacketSize, random);
    }

    private static byte[] Sample(Random random, ProtocolVersion version)
    {
        while (true)
        {
            var type = Types[random.Next(Types.Length)];
            if (!SomePacket.Exists(type, version)) continue;
            if (version == ProtocolVersion.V311 || random.Next(3) > 0) return SomePacket.Bytes(random, type, version);
            var properties = SomePacket.EdgeProperties;
            byte[] some = [.. properties[random.Next(properties.Count)], .. properties[random.Next(properties.Count)]];
            return SomePacket.BytesWith(random, type, some);
        }
    }
}
