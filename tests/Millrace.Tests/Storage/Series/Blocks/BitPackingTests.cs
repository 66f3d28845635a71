using Millrace.Storage.Series.Blocks;

namespace Millrace.Tests.Storage.Series.Blocks;

public sealed class BitPackingTests
{
    [Theory, Seeds(BitPacking.MostPacked + 2)]
    public void Numbers_of_any_width_come_back_however_many_there_are(int width)
    {
        if (width > BitPacking.MostPacked) width = 64;
        var random = new Random(width);
        foreach (var count in (int[])[.. Enumerable.Range(0, 140), 2047, 2048])
        {
            long[] numbers = [.. Enumerable.Range(0, count).Select(_ => width == 0 ? 0 : random.NextInt64(long.MinValue, long.MaxValue) >>> (64 - width))];
            var packed = new ByteSink();
            BitPacking.Pack(numbers, width, packed);
            Assert.Equal(BitPacking.BytesOf(count, width), packed.Count);
            var back = new long[count];
            BitPacking.Unpack(packed.Written, width, -3, back);
            Assert.Equal(numbers.Select(static number => unchecked(number - 3)), back);
        }
    }
}
