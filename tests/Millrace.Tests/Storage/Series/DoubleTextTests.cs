using System.Globalization;
using System.Text;
using Millrace.Storage.Series.Query;

namespace Millrace.Tests.Storage.Series;

public class DoubleTextTests
{
    [Theory]
    [InlineData(1, "1")]
    [InlineData(-24.86521, "-24.86521")]
    [InlineData(0.1, "0.1")]
    [InlineData(1200, "1200")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(99999999999999, "99999999999999")]
    [InlineData(-999999999999999, "-999999999999999")]
    [InlineData(1234567.12345678, "1234567.12345678")]
    [InlineData(1.05, "1.05")]
    public void Numbers_with_a_few_decimals_are_written(double value, string expected) => Assert.Equal(expected, Written(value));

    [Theory]
    [InlineData(0)]
    [InlineData(-0.0)]
    [InlineData(1e15)]
    [InlineData(0.00009)]
    [InlineData(1.0 / 3)]
    [InlineData(0.1 + 0.2)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.MinValue)]
    [InlineData(double.Epsilon)]
    public void Others_are_not(double value) => Assert.Equal("", Written(value));

    [Fact]
    public void What_is_written_is_what_the_shortest_text_is()
    {
        var random = new Random(5);
        for (var i = 0; i < 200_000; i++)
        {
            var value = (i % 4) switch
            {
                0 => Math.Round(random.NextDouble() * Math.Pow(10, random.Next(-3, 15)), random.Next(0, 15)),
                1 => random.NextInt64(-2_000_000_000_000_000, 2_000_000_000_000_000) / Math.Pow(10, random.Next(0, 10)),
                2 => Math.BitIncrement(random.Next() / 1000.0),
                _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
            };
            if (Written(value) is { Length: > 0 } text) Assert.Equal(value.ToString("R", CultureInfo.InvariantCulture), text);
        }
    }

    private static string Written(double value)
    {
        Span<byte> text = stackalloc byte[DoubleText.MaxLength];
        return Encoding.UTF8.GetString(text[..DoubleText.TryWrite(value, text)]);
    }
}
