using System.Globalization;
using System.Text;
using Millrace.Sql.Payload;

namespace Millrace.Tests.Sql;

public class TimeTextTests
{
    [Theory]
    [InlineData("2018-02-15 08:20:18.000000000", 1518682818000000000)]
    [InlineData("2018-02-15 08:20:18", 1518682818000000000)]
    [InlineData("2018-02-15 08:20:18.123456789", 1518682818123456789)]
    [InlineData("2018-02-15 08:20:18.1", 1518682818100000000)]
    [InlineData("2021-03-06T07:40:02.454Z", 1615016402454000000)]
    [InlineData("2021-03-06t07:40:02z", 1615016402000000000)]
    [InlineData("2021-03-06T09:40:02.454+02:00", 1615016402454000000)]
    [InlineData("2021-03-06T05:10:02.454-0230", 1615016402454000000)]
    [InlineData("2021-03-06T09:40:02+02", 1615016402000000000)]
    [InlineData("1970-01-01 00:00:00", 0)]
    [InlineData("1969-12-31 23:59:59.999999999", -1)]
    [InlineData("2000-02-29 00:00:00", 951782400000000000)]
    [InlineData("2262-04-11 23:47:16.854775807", long.MaxValue)]
    [InlineData("1677-09-21 00:12:43.145224192", long.MinValue)]
    public void Times_are_read_to_the_nanosecond(string text, long expected)
    {
        Assert.True(TimeText.TryParse(Encoding.UTF8.GetBytes(text), out var ns));
        Assert.Equal(expected, ns);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2018-02-15")]
    [InlineData("2018-02-15 08:20")]
    [InlineData("2018-02-30 08:20:18")]
    [InlineData("2019-02-29 08:20:18")]
    [InlineData("2018-13-01 08:20:18")]
    [InlineData("2018-00-01 08:20:18")]
    [InlineData("0000-01-01 08:20:18")]
    [InlineData("2018-02-15 24:00:00")]
    [InlineData("2018-02-15 08:60:18")]
    [InlineData("2018-02-15 08:20:60")]
    [InlineData("2018-02-15 08:20:18.")]
    [InlineData("2018-02-15 08:20:18.0000000001")]
    [InlineData("2018-02-15 08:20:18.00000000x")]
    [InlineData("2018-02-15 08:20:18.x0000000000")]
    [InlineData("2018-02-15 08:20:18 ")]
    [InlineData("2018-02-15 08:20:18+2")]
    [InlineData("2018-02-15 08:20:18+99:00")]
    [InlineData("2018-02-15 08:20:18ZZ")]
    [InlineData("2018/02/15 08:20:18")]
    [InlineData("2262-04-11 23:47:16.854775808")]
    [InlineData("1677-09-21 00:12:43.145224191")]
    [InlineData("9999-12-31 23:59:59")]
    [InlineData("２018-02-15 08:20:18")]
    public void Other_texts_are_no_times(string text) => Assert.False(TimeText.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("1609757175225.499", TimeUnit.Milliseconds, 1609757175225499000)]
    [InlineData("1609757175225", TimeUnit.Milliseconds, 1609757175225000000)]
    [InlineData("1609757175", TimeUnit.Seconds, 1609757175000000000)]
    [InlineData("1609757175.2254990019", TimeUnit.Seconds, 1609757175225499001)]
    [InlineData("1609757175225499.1234", TimeUnit.Microseconds, 1609757175225499123)]
    [InlineData("1609757175225499123.9", TimeUnit.Nanoseconds, 1609757175225499123)]
    [InlineData("-1.5", TimeUnit.Seconds, -1500000000)]
    [InlineData("1.6e9", TimeUnit.Seconds, 1600000000000000000)]
    [InlineData("1e-30", TimeUnit.Seconds, 0)]
    [InlineData("1e-400", TimeUnit.Seconds, 0)]
    [InlineData("0", TimeUnit.Seconds, 0)]
    [InlineData("0e99", TimeUnit.Seconds, 0)]
    [InlineData("9223372036854775807", TimeUnit.Nanoseconds, long.MaxValue)]
    public void Epoch_numbers_are_exact(string number, TimeUnit unit, long expected)
    {
        Assert.True(TimeText.TryParseEpoch(Encoding.UTF8.GetBytes(number), unit, out var ns));
        Assert.Equal(expected, ns);
    }

    [Theory]
    [InlineData("", TimeUnit.Seconds)]
    [InlineData("-", TimeUnit.Seconds)]
    [InlineData(".5", TimeUnit.Seconds)]
    [InlineData("5.", TimeUnit.Seconds)]
    [InlineData("1.2.3", TimeUnit.Seconds)]
    [InlineData("12x", TimeUnit.Seconds)]
    [InlineData("1609757175225", TimeUnit.Seconds)]
    [InlineData("9223372036854775808", TimeUnit.Nanoseconds)]
    [InlineData("1e19", TimeUnit.Nanoseconds)]
    [InlineData("1e999", TimeUnit.Nanoseconds)]
    [InlineData("123456789012345678901234567890123456e-16", TimeUnit.Nanoseconds)]
    [InlineData("99999999999999999999999999999999999999999999999999", TimeUnit.Seconds)]
    public void Epoch_numbers_out_of_range_are_refused(string number, TimeUnit unit) =>
        Assert.False(TimeText.TryParseEpoch(Encoding.UTF8.GetBytes(number), unit, out _));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var random = new Random(11);
        Span<byte> text = stackalloc byte[TimeText.Length];
        for (var i = 0; i < 20_000; i++)
        {
            var ns = i switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => -1, _ => random.NextInt64(long.MinValue, long.MaxValue) };
            TimeText.Write(ns, text);
            Assert.True(TimeText.TryParse(text, out var again), Encoding.UTF8.GetString(text));
            Assert.Equal(ns, again);
            var date = DateTime.Parse(Encoding.UTF8.GetString(text[..27]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
            Assert.Equal((long)Math.Floor(ns / 100m), (date - DateTime.UnixEpoch).Ticks);
        }
    }
}
