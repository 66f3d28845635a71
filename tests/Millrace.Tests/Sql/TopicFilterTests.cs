using System.Text;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql;

public class TopicFilterTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a/b", "a/b/", false)]
    [InlineData("a/#", "a/b", true)]
    [InlineData("a/#", "a/e/f", true)]
    [InlineData("a/#", "b/x", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/e/f", false)]
    [InlineData("a/+", "b/x", false)]
    [InlineData("sensor/#", "sensor/", true)]
    [InlineData("sensor/#", "sensor", false)]
    [InlineData("sensor/#", "Sensor/x", false)]
    [InlineData("sensor/+/room1", "sensor/temperature/room1", true)]
    [InlineData("sensor/+/room1", "sensor/humidity/room2", false)]
    [InlineData("sensor/+/room1", "sensor/humidity/room11", false)]
    [InlineData("sensor/+/room1", "sensor//room1", true)]
    [InlineData("#", "x/y", true)]
    [InlineData("#", "$aws/things", false)]
    [InlineData("+/things", "$aws/things", false)]
    [InlineData("$aws/#", "$aws/things", true)]
    [InlineData("+/+", "/", true)]
    [InlineData("+/+/#", "a/b", false)]
    [InlineData("+/+/#", "a/b/", true)]
    [InlineData("+/b/+/d", "a/b/c/d", true)]
    [InlineData("+/b/+/d", "a/b/c/d/e", false)]
    [InlineData("dt/+/é", "dt/x/é", true)]
    public void Topics_match_as_AWS_has_it(string filter, string topic, bool expected) =>
        Assert.Equal(expected, Of(filter).Matches(Encoding.UTF8.GetBytes(topic)));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("a/#/b")]
    [InlineData("a/b+")]
    [InlineData("a#")]
    [InlineData("++")]
    [InlineData("a/\0")]
    public void A_filter_that_is_none_is_refused(string? filter)
    {
        Assert.False(TopicFilter.TryCreate(filter, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Half_a_character_is_refused() => Assert.False(TopicFilter.TryCreate("a/\uD800", out _, out _));

    [Fact]
    public void Random_filters_match_as_level_by_level_comparison_does()
    {
        var random = new Random(7);
        string[] levels = ["a", "b", "", "$x", "+", "#"];
        for (var i = 0; i < 20_000; i++)
        {
            var filter = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => levels[random.Next(6)]));
            var topic = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => levels[random.Next(4)]));
            if (topic.Length == 0 || !TopicFilter.TryCreate(filter, out var compiled, out _)) continue;
            Assert.True(Plainly(filter, topic) == compiled.Matches(Encoding.UTF8.GetBytes(topic)), $"{filter} {topic}");
        }
    }

    private static bool Plainly(string filter, string topic)
    {
        var (wanted, given) = (filter.Split('/'), topic.Split('/'));
        if (topic[0] == '$' && wanted[0] is "+" or "#" && topic[0] == '$') return false;
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == "#") return given.Length > i;
            if (i == given.Length || (wanted[i] != "+" && wanted[i] != given[i])) return false;
        }

        return wanted.Length == given.Length;
    }

    private static TopicFilter Of(string text)
    {
        Assert.True(TopicFilter.TryCreate(text, out var filter, out var problem), problem);
        return filter;
    }
}
