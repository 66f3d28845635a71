using Millrace.Gateway.Epoll;

namespace Millrace.Tests.Gateway.Epoll;

public sealed class PartialInputTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 100)]
    [InlineData(3, 5_000)]
    [InlineData(4, 60_000)]
    [InlineData(5, 300_000)]
    public void Whatever_is_left_each_time_no_byte_is_lost_or_moved(int seed, int most)
    {
        var random = new Random(seed);
        var shared = new byte[64 * 1024];
        var input = default(PartialInput);
        byte next = 0, expected = 0;
        for (var i = 0; i < 300; i++)
        {
            var bytes = input.Prepare(shared, out var start, out var end);
            Assert.True(end < bytes.Length, "there must be room for more");
            var received = random.Next(1, bytes.Length - end + 1);
            for (var at = 0; at < received; at++) bytes[end + at] = next++;

            // Used up is anything, but what is left is never more than a packet may have.
            var length = end + received - start;
            var left = random.Next(3) == 0 ? 0 : random.Next(Math.Min(length, most) + 1);
            var wrong = 0;
            for (var at = start; at < start + length - left; at++) wrong += bytes[at] == expected++ ? 0 : 1;
            Assert.Equal(0, wrong);
            input.Keep(bytes, start + length - left, left);
            Assert.Equal(left, input.Rest.Count);
        }

        foreach (var one in input.Rest) Assert.Equal(expected++, one);
        input.Drop();
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void What_waits_can_be_used_up_bit_by_bit()
    {
        var shared = new byte[64 * 1024];
        for (var i = 0; i < shared.Length; i++) shared[i] = (byte)i;
        var input = default(PartialInput);
        input.Keep(shared, 0, shared.Length);
        for (var used = 0; used < shared.Length; used += 4096)
        {
            var rest = input.Rest;
            Assert.Equal(shared[used..], rest.ToArray());
            input.Keep(rest.Array!, rest.Offset + 4096, rest.Count - 4096);
        }

        Assert.True(input.IsEmpty);
    }
}
