using System.Globalization;
using System.Text;
using Millrace.Storage.Log;

namespace Millrace.Tests.Storage.Log;

public sealed class HashRangesTests
{
    [Theory]
    [InlineData("a", "16955237001963240173058271559858726497", 0, 0, 0)]
    [InlineData("sensor-1", "313621148937180024981089005635817150934", 1, 2, 3)]
    [InlineData("sensor-2", "133983760544561581865871137779060182280", 0, 1, 1)]
    [InlineData("12345678-9012-3456-7890-123456789012", "279412475848545051635332777760249571118", 1, 2, 3)]
    public void A_key_finds_the_shard_that_Kinesis_would_give_it(string key, string hash, int ofTwo, int ofThree, int ofFour)
    {
        var number = HashRanges.HashOf(Encoding.UTF8.GetBytes(key));
        Assert.Equal(hash, number.ToString(CultureInfo.InvariantCulture));
        Assert.Equal([0, ofTwo, ofThree, ofFour], Enumerable.Range(1, 4).Select(n => new HashRanges(n).PartitionOf(number)));
    }

    [Theory]
    [InlineData(1, "0")]
    [InlineData(2, "0,170141183460469231731687303715884105728")]
    [InlineData(3, "0,113427455640312821154458202477256070485,226854911280625642308916404954512140970")]
    [InlineData(4, "0,85070591730234615865843651857942052864,170141183460469231731687303715884105728,255211775190703847597530955573826158592")]
    public void Ranges_begin_where_those_of_Kinesis_do(int partitions, string starts)
    {
        var ranges = new HashRanges(partitions);
        Assert.Equal(starts, string.Join(',', Enumerable.Range(0, partitions).Select(ranges.StartOf)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(256)]
    public void Every_number_has_one_partition_and_ranges_leave_no_gap(int partitions)
    {
        var ranges = new HashRanges(partitions);
        for (var i = 0; i < partitions; i++)
        {
            Assert.Equal(i, ranges.PartitionOf(ranges.StartOf(i)));
            Assert.Equal(i, ranges.PartitionOf(ranges.EndOf(i)));
            Assert.Equal(i + 1 < partitions ? ranges.StartOf(i + 1) : 0, unchecked(ranges.EndOf(i) + 1));
        }
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("340282366920938463463374607431768211455", true)]
    [InlineData("340282366920938463463374607431768211456", false)]
    [InlineData("00", false)]
    [InlineData("-1", false)]
    [InlineData("", false)]
    [InlineData(" 1", false)]
    [InlineData("1e3", false)]
    [InlineData(null, false)]
    public void An_explicit_hash_key_is_a_number_of_128_bits(string? text, bool isOne) => Assert.Equal(isOne, HashRanges.TryParse(text, out _));
}
