using System.Text;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql;

public class TopicTreeTests
{
    [Theory]
    [InlineData("a/b", "# a/b")]
    [InlineData("a/b/", "#")]
    [InlineData("sensor", "#")]
    [InlineData("sensor/", "# sensor/# sensor/+")]
    [InlineData("sensor/x", "# sensor/# sensor/+")]
    [InlineData("sensor/x/room", "# sensor/# sensor/+/room")]
    [InlineData("$aws/things", "$aws/#")]
    [InlineData("$aws", "")]
    [InlineData("", "#")]
    public void A_topic_finds_every_filter_that_matches_it(string topic, string expected)
    {
        var tree = Of("a/b", "#", "sensor/#", "sensor/+", "sensor/+/room", "+/things", "$aws/#");
        Assert.Equal(expected, string.Join(' ', Match(tree, topic)));
    }

    [Fact]
    public void A_tree_of_nothing_matches_nothing()
    {
        var tree = Of();
        Assert.Equal(0, tree.Count);
        Assert.Empty(Match(tree, "a/b"));
        Assert.Empty(Match(tree, ""));
    }

    [Fact]
    public void A_filter_that_is_there_twice_gives_both_its_values_in_their_order()
    {
        Assert.True(TopicFilter.TryCreate("a/+", out var filter, out _));
        var tree = TopicTree<int>.Of([(filter, 1), (filter, 2), (filter, 1)]);
        var found = new List<int> { 7 };
        tree.Match("a/b"u8, found);
        Assert.Equal([7, 1, 2, 1], found);
    }

    [Fact]
    public void Random_filters_match_together_as_each_alone()
    {
        string[] levels = ["a", "b", "ab", "", "$x", "é", "a level of more than eight bytes", "a level of more than eight bytez", "+", "+", "#"];
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            string Some(int kinds) => string.Join('/', Enumerable.Range(0, random.Next(1, 7)).Select(_ => levels[random.Next(kinds)]));
            var filters = new List<TopicFilter>();
            for (var i = random.Next(60); i >= 0; i--)
                if (TopicFilter.TryCreate(Some(levels.Length), out var filter, out _)) filters.Add(filter);
            var tree = TopicTree<TopicFilter>.Of(filters.Select(static filter => (filter, filter)));
            for (var i = 0; i < 30; i++)
            {
                var topic = Encoding.UTF8.GetBytes(Some(8));
                var found = new List<TopicFilter>();
                tree.Match(topic, found);
                Assert.Equal(
                    filters.Where(filter => filter.Matches(topic)).Select(static filter => filter.Text).Order(StringComparer.Ordinal),
                    found.Select(static filter => filter.Text).Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public void Every_way_through_a_thicket_of_wildcards_is_found_once()
    {
        // All 2^12 filters of twelve levels that are either 'a' or '+': they all match one topic.
        var tree = Of([.. Enumerable.Range(0, 4096).Select(static bits => string.Join('/', Enumerable.Range(0, 12).Select(i => (bits >> i & 1) == 0 ? "a" : "+")))]);
        var found = Match(tree, "a/a/a/a/a/a/a/a/a/a/a/a");
        Assert.Equal(4096, found.Count);
        Assert.Equal(4096, found.Distinct().Count());
        Assert.Equal(2048, Match(tree, "a/a/a/b/a/a/a/a/a/a/a/a").Count);
    }

    [Fact]
    public void A_filter_of_ten_thousand_levels_needs_no_more_stack_than_one()
    {
        var deep = string.Join('/', Enumerable.Repeat("+", 10_000));
        var tree = Of(deep, deep.Replace("+/+", "a/+", StringComparison.Ordinal), "#");
        Assert.Equal(3, Match(tree, deep.Replace('+', 'a')).Count);
        Assert.Equal(2, Match(tree, deep.Replace('+', 'b')).Count);
    }

    [Fact]
    public void A_match_allocates_nothing_whatever_the_number_of_filters()
    {
        var tree = Of([.. Enumerable.Range(0, 1000).Select(static i => $"site/{i}/+/x"), "dt/cars/+/telemetry"]);
        var found = new List<string>(8);
        var topic = "site/17/speed/x"u8;
        tree.Match(topic, found);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            found.Clear();
            tree.Match(topic, found);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(["site/17/+/x"], found);
    }

    private static TopicTree<string> Of(params string[] filters) => TopicTree<string>.Of(filters.Select(static text =>
    {
        Assert.True(TopicFilter.TryCreate(text, out var filter, out var problem), problem);
        return (filter, text);
    }));

    private static List<string> Match(TopicTree<string> tree, string topic)
    {
        var found = new List<string>();
        tree.Match(Encoding.UTF8.GetBytes(topic), found);
        return found;
    }
}
