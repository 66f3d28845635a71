using Millrace.Contracts.Objects;

namespace Millrace.Tests.Storage.Lake;

/// <summary>Firehose's prefixes.</summary>
public sealed class ObjectPrefixTests
{
    private static readonly long Oldest = Ns(new(2018, 8, 27, 10, 30, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("", "2018/08/27/10")]
    [InlineData("raw/", "raw/2018/08/27/10")]
    [InlineData("raw", "raw/2018/08/27/10")]
    [InlineData("myFirehose/yyyy=!{timestamp:yyyy}/m=!{timestamp:MM}/d=!{timestamp:dd}/h=!{timestamp:HH}/", "myFirehose/yyyy=2018/m=08/d=27/h=10")]
    [InlineData("a/!{timestamp:yyyy-MM-dd'T'HH}/", "a/2018-08-27T10")]
    [InlineData("a/!{timestamp:yyyy'''s'}/", "wrong")]
    [InlineData("!{timestamp:uuuu/D/w/mm/ss/SSS}", "2018/239/35/30/00/000")]
    public void A_prefix_becomes_the_folder_that_AWS_makes_of_it(string prefix, string folder)
    {
        if (folder == "wrong") Assert.NotNull(ObjectPrefix.TryParse(prefix, out _));
        else Assert.Equal(folder, Parsed(prefix).Evaluate(Oldest, 1, static _ => ""));
    }

    [Fact]
    public void A_year_of_the_week_is_not_the_calendars() =>
        Assert.Equal("2019-2018", Parsed("!{timestamp:YYYY-yyyy}").Evaluate(Ns(new(2018, 12, 31, 0, 0, 0, TimeSpan.Zero)), 1, static _ => ""));

    [Fact]
    public void Partition_keys_take_their_places_and_stay_within_their_folder()
    {
        var prefix = Parsed("customer_id=!{partitionKeyFromQuery:customer_id}/device=!{partitionKeyFromQuery:device}/");
        Assert.Equal(["customer_id", "device"], prefix.Keys);
        Assert.Equal("customer_id=1234567890/device=mobile", prefix.Evaluate(Oldest, 1, static key => key == "device" ? "mobile" : "1234567890"));
        Assert.Equal("customer_id=%2E.%2F..%2Fetc/device=a%20%C3%A4%F0%9F%98%80", prefix.Evaluate(Oldest, 1, static key => key == "device" ? "a ä😀" : "../../etc"));
        Assert.Equal("customer_id=__HIVE_DEFAULT_PARTITION__/device=__HIVE_DEFAULT_PARTITION__", prefix.Evaluate(Oldest, 1, static _ => ""));
    }

    [Fact]
    public void A_random_string_is_another_at_each_place_and_the_same_for_the_same_file()
    {
        var prefix = Parsed("!{firehose:random-string}/!{firehose:random-string}/!{timestamp:yyyy}");
        var first = prefix.Evaluate(Oldest, 1, static _ => "").Split('/');
        Assert.All(first[..2], static text => Assert.Equal(11, text.Length));
        Assert.NotEqual(first[0], first[1]);
        Assert.Equal(first, prefix.Evaluate(Oldest, 1, static _ => "").Split('/'));
        Assert.NotEqual(first[0], prefix.Evaluate(Oldest, 2, static _ => "").Split('/')[0]);
    }

    [Theory]
    [InlineData("x/!{firehose:error-output-type}/", "error-output-type")]
    [InlineData("x/!{timestamp:yyyy", "'}'")]
    [InlineData("x/!{timestamp:}/", "pattern")]
    [InlineData("x/!{timestamp:yyyyy}/", "'yyyyy'")]
    [InlineData("x/!{timestamp:'yyyy}/", "quote")]
    [InlineData("x/!{partitionKeyFromLambda:a}/", "Lambda")]
    [InlineData("x/!{partitionKeyFromQuery:}/", "partition key")]
    [InlineData("x/!{other:a}/", "'other'")]
    [InlineData("x/!{firehose:other}/", "firehose:other")]
    [InlineData("../x/", "'..'")]
    [InlineData("a//b/", "empty")]
    [InlineData(".hidden/", "'.hidden'")]
    [InlineData("a\\b/", "'\\'")]
    [InlineData("a\0b/", "character")]
    [InlineData("a/!{timestamp:'../..'}/", "'..'")]
    public void What_cannot_be_is_refused_with_its_place(string prefix, string part)
    {
        var problem = ObjectPrefix.TryParse(prefix, out _);
        Assert.NotNull(problem);
        Assert.Contains(part, problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_too_long_is_refused() => Assert.NotNull(ObjectPrefix.TryParse(new string('a', 513), out _));

    private static ObjectPrefix Parsed(string prefix)
    {
        Assert.Null(ObjectPrefix.TryParse(prefix, out var parsed));
        return parsed!;
    }

    private static long Ns(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;
}
