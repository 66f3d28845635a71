using System.Globalization;
using System.Text;
using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData(0, "1970-01-01 00:00:00.000000000")]
    [InlineData(-1, "1969-12-31 23:59:59.999999999")]
    [InlineData(1_655_460_920_000_000_007, "2022-06-17 10:15:20.000000007")]
    [InlineData(long.MaxValue, "2262-04-11 23:47:16.854775807")]
    [InlineData(long.MinValue, "1677-09-21 00:12:43.145224192")]
    public void A_time_is_printed_as_Timestream_does(long ns, string text)
    {
        Assert.Equal(text, TimeText.Of(ns));
        var bytes = new byte[TimeText.Length];
        TimeText.Write(ns, bytes.AsSpan());
        Assert.Equal(text, Encoding.ASCII.GetString(bytes));
    }

    [Fact]
    public void Any_time_is_the_calendars()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var ns = random.NextInt64(long.MinValue + 100, long.MaxValue) / 100 * 100;
            var text = DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
            Assert.Equal(text + "00", TimeText.Of(ns));
        }
    }
}
