using System.Text;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;
using Millrace.Mqtt;

namespace Millrace.Tests.Gateway;

public sealed class TopicTreeTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "a", true)]
    [InlineData("#", "/", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/B", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("+/b/#", "a/b", true)]
    [InlineData("#", "$SYS/uptime", false)]
    [InlineData("+/uptime", "$SYS/uptime", false)]
    [InlineData("$SYS/#", "$SYS/uptime", true)]
    [InlineData("$SYS/+", "$SYS/uptime", true)]
    [InlineData("$SYS/#", "$SYS", true)]
    [InlineData("$SYS", "$SYS", true)]
    [InlineData("a/#", "a/$b", true)]
    public void A_filter_matches_as_the_specification_says(string filter, string topic, bool matches)
    {
        var tree = new TopicTree();
        tree.Add(new Subscription(new Nobody(), Encoding.UTF8.GetBytes(filter), 0, 0, [0]));
        Assert.Equal(matches, HasMatch(tree, Encoding.UTF8.GetBytes(topic)));
        Assert.Equal(matches, Topic.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic)));
    }

    [Fact]
    public void It_agrees_with_matching_each_filter_by_itself_and_is_empty_when_all_are_gone()
    {
        string[] levels = ["a", "b", "", "$x", "+", "#"];
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var tree = new TopicTree();
            var nobody = new Nobody();
            var filters = Enumerable.Range(0, 30).Select(_ => Some(random, levels)).Where(f => Topic.IsValidFilter(Encoding.UTF8.GetBytes(f))).Distinct().ToList();
            foreach (var filter in filters) Assert.True(tree.Add(new Subscription(nobody, Encoding.UTF8.GetBytes(filter), 0, 0, [0])));
            while (filters.Count > 0)
            {
                var topic = Encoding.UTF8.GetBytes(Some(random, levels[..4]));
                if (Topic.IsValidName(topic))
                {
                    var found = 0;
                    tree.Match(topic, ref found, static (_, scoped ref count) => count++);
                    Assert.True(filters.Count(f => Topic.Matches(Encoding.UTF8.GetBytes(f), topic)) == found, $"seed {seed}, {Encoding.UTF8.GetString(topic)}");
                }

                var gone = filters[random.Next(filters.Count)];
                filters.Remove(gone);
                Assert.True(tree.Remove(nobody, Encoding.UTF8.GetBytes(gone)));
                Assert.False(tree.Remove(nobody, Encoding.UTF8.GetBytes(gone)));
            }

            Assert.Equal(0, tree.Count);
            Assert.False(HasMatch(tree, "a"u8));
        }
    }

    [Fact]
    public void The_same_filter_of_the_same_subscriber_is_one_subscription()
    {
        var tree = new TopicTree();
        var nobody = new Nobody();
        Assert.True(tree.Add(new Subscription(nobody, "a"u8.ToArray(), 0, 0, [0])));
        Assert.False(tree.Add(new Subscription(nobody, "a"u8.ToArray(), 1, 5, [0])));
        Assert.Equal(1, tree.Count);
        var qos = 0;
        tree.Match("a"u8, ref qos, static (s, scoped ref q) => q = s.Qos);
        Assert.Equal(1, qos);
    }

    [Fact]
    public void Matching_while_others_come_and_go_finds_the_one_that_stays()
    {
        var tree = new TopicTree();
        tree.Add(new Subscription(new Nobody(), "a/b/c"u8.ToArray(), 0, 0, [0]));
        var missed = 0;
        Parallel.For(0, 4, worker =>
        {
            var other = new Nobody();
            for (var i = 0; i < 2000; i++)
            {
                if (worker % 2 == 0 && !HasMatch(tree, "a/b/c"u8)) Interlocked.Increment(ref missed);
                if (worker % 2 == 0) continue;
                tree.Add(new Subscription(other, "a/+/c"u8.ToArray(), 0, 0, [0]));
                tree.Add(new Subscription(other, "a/b/c"u8.ToArray(), 0, 0, [0]));
                tree.Remove(other, "a/+/c"u8);
                tree.Remove(other, "a/b/c"u8);
            }
        });
        Assert.Equal(0, missed);
        Assert.Equal(1, tree.Count);
    }

    [Fact]
    public void Matching_allocates_nothing()
    {
        var tree = new TopicTree();
        tree.Add(new Subscription(new Nobody(), "a/+/c"u8.ToArray(), 0, 0, [0]));
        HasMatch(tree, "a/b/c"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) HasMatch(tree, "a/b/c"u8);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static bool HasMatch(TopicTree tree, ReadOnlySpan<byte> topic)
    {
        var any = false;
        tree.Match(topic, ref any, static (_, scoped ref any) => any = true);
        return any;
    }

    private static string Some(Random random, string[] levels) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => levels[random.Next(levels.Length)]));

    private sealed class Nobody : ISubscriber
    {
        public long Number => 0;

        public bool MayOverlap => false;

        public void Deliver(in Message message, ReadOnlySpan<Subscription> matches, DeliveryRound round)
        {
        }
    }
}
