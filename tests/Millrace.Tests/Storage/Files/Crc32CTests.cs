using System.Text;
using Millrace.Storage.Files;

namespace Millrace.Tests.Storage.Files;

public sealed class Crc32CTests
{
    [Fact]
    public void The_published_check_values_come_out()
    {
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32])); // RFC 3720, B.4
        Assert.Equal(0x62A8AB43u, Crc32C.Of(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0u, Crc32C.Of(Encoding.UTF8.GetBytes("")));
    }

    [Theory, Seeds(40)]
    public void Lanes_agree_with_the_definition_at_any_length_and_any_cut(int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[random.Next(20_000)];
        random.NextBytes(bytes);
        var expected = BitByBit(bytes);
        Assert.Equal(expected, Crc32C.Of(bytes));
        var cut = random.Next(bytes.Length + 1);
        Assert.Equal(expected, Crc32C.Append(Crc32C.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }

    private static uint BitByBit(byte[] bytes)
    {
        var crc = ~0u;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        return ~crc;
    }
}
