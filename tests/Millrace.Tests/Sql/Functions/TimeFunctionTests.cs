using System.Globalization;
using Millrace.Sql.Rules.Functions.Times;

namespace Millrace.Tests.Sql.Functions;

public class TimeFunctionTests
{
    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss.SSS", "2023-11-14 22:13:20.123")]
    [InlineData("EEEE, MMMM d, yyyy h:mm a", "Tuesday, November 14, 2023 10:13 PM")]
    [InlineData("yyyy-MM-dd''T''HH:mm:ss''Z''", "2023-11-14T22:13:20Z")]
    [InlineData("yyyy.MM.dd G ''at'' HH:mm:ss z", "2023.11.14 AD at 22:13:20 UTC")]
    [InlineData("EEE, MMM d, ''''yy", "Tue, Nov 14, '23")]
    [InlineData("K:mm a, z", "10:13 PM, UTC")]
    [InlineData("yyMMddHHmmssZ", "231114221320+0000")]
    [InlineData("CC Y x w e E D dd", "20 2023 2023 46 2 Tue 318 14")]
    [InlineData("M MM MMM k H", "11 11 Nov 22 22")]
    [InlineData("S SS SSSS SSSSSS", "1 12 1230 123000")]
    [InlineData("Z ZZ ZZZ", "+0000 +00:00 UTC")]
    [InlineData("yyyyyy ddd", "002023 014")]
    [InlineData("[yyyy]", "[2023]")]
    [InlineData("", "")]
    public void Times_are_written_by_patterns_of_Joda_time(string pattern, string expected) =>
        Assert.Equal($"\"{expected}\"", Rule.Value($"parse_time('{pattern}', 1700000000123)"));

    [Theory]
    [InlineData("parse_time('yyyy-MM-dd HH:mm Z', 1700000000123, 'America/Los_Angeles')", "\"2023-11-14 14:13 -0800\"")]
    [InlineData("parse_time('HH:mm ZZ', 1690000000000, 'Europe/Berlin')", "\"06:26 +02:00\"")]
    [InlineData("parse_time('HH:mm ZZZ', 1690000000000, 'Europe/Berlin')", "\"06:26 Europe/Berlin\"")]
    [InlineData("parse_time('HH:mm z', 1690000000000, 'America/New_York')", "\"00:26 EDT\"")]
    [InlineData("parse_time('HH:mm z', 1700000000000, 'America/New_York')", "\"17:13 EST\"")]
    [InlineData("parse_time('HH:mm', 1700000000000, '+05:30')", "\"03:43\"")]
    [InlineData("parse_time('k h', 1699920000000)", "\"24 12\"")]
    [InlineData("parse_time('yyyy-MM-dd', -1)", "\"1969-12-31\"")]
    [InlineData("parse_time('SSS', -0.5)", "\"999\"")]
    [InlineData("parse_time('yyyy', '1700000000123.9')", "\"2023\"")]
    [InlineData("parse_time(p, 0)", null)]
    [InlineData("parse_time('y' + 'y', 0)", "\"70\"")]
    [InlineData("parse_time('' + 'bb', 0)", null)]
    [InlineData("parse_time('yyyy', 0, 'Mars/Base')", null)]
    [InlineData("parse_time('yyyy', 0, '../../etc/passwd')", null)]
    [InlineData("parse_time('yyyy', 0, '/etc/localtime')", null)]
    [InlineData("parse_time('yyyy', 0, '')", null)]
    [InlineData("parse_time('yyyy', 0, nul)", null)]
    [InlineData("parse_time('yyyy', 'x')", null)]
    [InlineData("parse_time('yyyy', nul)", null)]
    [InlineData("parse_time('yyyy', 1e20)", null)]
    [InlineData("parse_time('yyyy', 253402300800000)", null)]
    [InlineData("parse_time('yyyy', 253402300799999, 'Asia/Tokyo')", null)]
    public void Zones_and_times_have_limits(string expression, string? expected) => Assert.Equal(expected, Rule.Value(expression));

    [Theory]
    [InlineData("2020-04-03 09:45:18 UTC+01:00", "yyyy-MM-dd HH:mm:ss VV", "1585903518000")]
    [InlineData("18 December 2015", "dd MMMM yyyy", "1450396800000")]
    [InlineData("2007-12-03 10:15:30.592 America/Los_Angeles", "yyyy-MM-dd HH:mm:ss.SSS z", "1196705730592")]
    [InlineData("2018-02-15 08:20:18.123456789", "yyyy-MM-dd HH:mm:ss.SSSSSSSSS", "1518682818123")]
    [InlineData("2018-02-15 08:20:18.1", "yyyy-MM-dd HH:mm:ss.SSS", null)]
    [InlineData("2018-02-15T08:20:18Z", "yyyy-MM-dd''T''HH:mm:ssX", "1518682818000")]
    [InlineData("2018-02-15T08:20:18+02", "yyyy-MM-dd''T''HH:mm:ssX", "1518675618000")]
    [InlineData("2018-02-15T08:20:18+0230", "yyyy-MM-dd''T''HH:mm:ssX", "1518673818000")]
    [InlineData("2018-02-15T08:20:18+02:30", "yyyy-MM-dd''T''HH:mm:ssXXX", "1518673818000")]
    [InlineData("2018-02-15T08:20:18+0230", "yyyy-MM-dd''T''HH:mm:ssXXX", null)]
    [InlineData("2018-02-15T08:20:18Z", "yyyy-MM-dd''T''HH:mm:ssxxx", null)]
    [InlineData("2018-02-15T08:20:18-00:30", "yyyy-MM-dd''T''HH:mm:ssxxx", "1518684618000")]
    [InlineData("2018-02-15 08:20:18 -0100", "yyyy-MM-dd HH:mm:ss Z", "1518686418000")]
    [InlineData("2018-02-15 08:20:18 GMT+1", "yyyy-MM-dd HH:mm:ss O", "1518679218000")]
    [InlineData("2018-02-15 08:20:18 GMT+01:00", "yyyy-MM-dd HH:mm:ss ZZZZ", "1518679218000")]
    [InlineData("2018-02-15 08:20:18 PST", "yyyy-MM-dd HH:mm:ss z", "1518711618000")]
    [InlineData("2018-07-15 08:20:18 PDT", "yyyy-MM-dd HH:mm:ss z", "1531668018000")]
    [InlineData("2018-07-15 08:20 Z", "yyyy-MM-dd HH:mm VV", "1531642800000")]
    [InlineData("2018-07-15 08:20 XYZ", "yyyy-MM-dd HH:mm z", null)]
    [InlineData("20180215082018", "yyyyMMddHHmmss", "1518682818000")]
    [InlineData("20180215082018123", "yyyyMMddHHmmssSSS", "1518682818123")]
    [InlineData("1/2/18", "M/d/yy", "1514851200000")]
    [InlineData("12/31/99", "M/d/yy", "4102358400000")]
    [InlineData("Jan 2, 2018 12:05 AM", "MMM d, yyyy h:mm a", "1514851500000")]
    [InlineData("Jan 2, 2018 12:05 PM", "MMM d, yyyy h:mm a", "1514894700000")]
    [InlineData("Jan 2, 2018 12:05 pm", "MMM d, yyyy h:mm a", null)]
    [InlineData("Jan 2, 2018 0:05 PM", "MMM d, yyyy K:mm a", "1514894700000")]
    [InlineData("Jan 2, 2018 13:05 PM", "MMM d, yyyy h:mm a", null)]
    [InlineData("2018-01-02 12:05", "yyyy-MM-dd hh:mm", null)]
    [InlineData("2018-01-02 24:00", "yyyy-MM-dd HH:mm", "1514937600000")]
    [InlineData("2018-01-02 24:01", "yyyy-MM-dd HH:mm", null)]
    [InlineData("2018-01-02 24:05", "yyyy-MM-dd kk:mm", "1514851500000")]
    [InlineData("2018-01-02 8", "yyyy-MM-dd H", "1514880000000")]
    [InlineData("Tue 2018-01-02", "EEE yyyy-MM-dd", "1514851200000")]
    [InlineData("Wed 2018-01-02", "EEE yyyy-MM-dd", null)]
    [InlineData("Tuesday 2018-01-02", "EEEE yyyy-MM-dd", "1514851200000")]
    [InlineData("3 2018-01-02", "e yyyy-MM-dd", "1514851200000")]
    [InlineData("2018 033", "yyyy DDD", "1517529600000")]
    [InlineData("2018 366", "yyyy DDD", null)]
    [InlineData("2018-02-31", "yyyy-MM-dd", "1519776000000")]
    [InlineData("2018-02-32", "yyyy-MM-dd", null)]
    [InlineData("2018-13-01", "yyyy-MM-dd", null)]
    [InlineData("2018-02", "yyyy-MM", null)]
    [InlineData("08:20", "HH:mm", null)]
    [InlineData("2018-02-15", "yyyy-MM-dd[ HH:mm]", "1518652800000")]
    [InlineData("2018-02-15 08:20", "yyyy-MM-dd[ HH:mm]", "1518682800000")]
    [InlineData("2018-02-15 08:20:18", "yyyy-MM-dd[ HH:mm[:ss", "1518682818000")]
    [InlineData("2018-02-15 08:20x", "yyyy-MM-dd[ HH:mm]", null)]
    [InlineData("2018-02-15 1000", "yyyy-MM-dd A", "1518652801000")]
    [InlineData("2018-02-15 1000000", "yyyy-MM-dd N", "1518652800001")]
    [InlineData("2018-02-15 08:20:18 5000000", "yyyy-MM-dd HH:mm:ss n", "1518682818005")]
    [InlineData("2018-Q1-02-15", "yyyy-QQQ-MM-dd", "1518652800000")]
    [InlineData("2018-2-02-15", "yyyy-Q-MM-dd", null)]
    [InlineData("44 BC 03 15", "y G MM dd", "-63517824000000")]
    [InlineData("-0043-03-15", "uuuu-MM-dd", "-63517824000000")]
    [InlineData("+12018-02-15", "yyyy-MM-dd", "317088172800000")]
    [InlineData("12018-02-15", "yyyy-MM-dd", null)]
    [InlineData("1969-12-31 23:59:59.9995", "yyyy-MM-dd HH:mm:ss.SSSS", "-1")]
    [InlineData("2018-03-11 02:30 America/New_York", "yyyy-MM-dd HH:mm VV", "1520753400000")]
    [InlineData("2018-11-04 01:30 America/New_York", "yyyy-MM-dd HH:mm VV", "1541309400000")]
    [InlineData("it''s 2018-02-15", "''it''''s'' yyyy-MM-dd", "1518652800000")]
    [InlineData("nope", "yyyy-MM-dd", null)]
    [InlineData("", "yyyy-MM-dd", null)]
    [InlineData("2018-02-15 08:20:18.000000000 and more", "yyyy-MM-dd HH:mm:ss.SSSSSSSSS", null)]
    public void Times_are_read_by_patterns_of_java_time(string text, string pattern, string? expected)
    {
        Assert.Equal(expected, Rule.Value($"time_to_epoch('{text}', '{pattern}')"));
        Assert.Equal(expected, Rule.Value($"time_to_epoch('{text}', '' + '{pattern}')"));
    }

    [Theory]
    [InlineData("parse_time('yyyy-bb', 0)", 19, "'b' is no letter")]
    [InlineData("parse_time('yyyy ''at', 0)", 19, "not closed")]
    [InlineData("time_to_epoch(missing, 'yyyyTHH')", 31, "'T' is no letter")]
    [InlineData("time_to_epoch(missing, 'ddd')", 31, "'ddd' cannot be read")]
    [InlineData("time_to_epoch(missing, 'MMMMM')", 31, "'MMMMM' cannot be read")]
    [InlineData("time_to_epoch(missing, 'yyyy]')", 31, "has no '['")]
    [InlineData("time_to_epoch(missing, 'V')", 31, "'V' cannot be read")]
    [InlineData("time_to_epoch(missing, 'yyyy{')", 31, "'{' is no letter")]
    public void A_pattern_that_is_none_is_refused(string expression, int column, string message)
    {
        var error = new Call().Refuse(expression);
        Assert.Equal(column, error.Column);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var random = new Random(1);
        string[] zones = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe"];
        for (var i = 0; i < 300; i++)
        {
            var ms = random.NextInt64(-60_000_000_000_000, 200_000_000_000_000);
            var zone = zones[random.Next(zones.Length)];
            const string Pattern = "yyyy-MM-dd''T''HH:mm:ss.SSS";

            // Old local times have offsets with seconds, which neither letter writes.
            if (ms < 0) zone = "UTC";
            var expression = $"time_to_epoch(parse_time('{Pattern} Z', {ms}, '{zone}'), '{Pattern} Z')";
            Assert.Equal(ms.ToString(CultureInfo.InvariantCulture), Rule.Value(expression));
        }
    }

    [Fact]
    public void Days_are_those_of_the_calendar()
    {
        for (var day = new DateTime(1895, 1, 1); day.Year < 2110; day = day.AddDays(11))
            Assert.Equal((day - DateTime.UnixEpoch).Days, CivilTime.Days(day.Year, day.Month, day.Day));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_pattern_and_no_text_does_harm(int seed)
    {
        var random = new Random(seed);
        const string Letters = "GuyDMLdQqYwEeahKkHmsSAnNVzOXxZ[]'{#-: .0123456789+AMTCPS\u00e9";
        for (var i = 0; i < 20_000; i++)
        {
            var pattern = Text(random, Letters);
            var text = Text(random, Letters);
            TimeParser.TryCreate(pattern)?.TryParse(text, out _);
            TimeFormat.TryCreate(pattern)?.TryWrite(random.NextInt64(), TimeZoneInfo.Utc, new System.Buffers.ArrayBufferWriter<byte>());
        }
    }

    private static string Text(Random random, string letters) =>
        string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => letters[random.Next(letters.Length)]));
}
