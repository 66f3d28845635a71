namespace Millrace.Tests.Gateway;

public sealed class RetainedTests : GatewayTest
{
    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public void The_last_one_of_a_topic_comes_with_a_subscription(byte qos)
    {
        var car = Client();
        car.Publish("a/b", "old", qos, 1, retain: true);
        car.Publish("a/b", "new", qos, 2, retain: true);
        car.Publish("a/c", "other", qos, 3, retain: true);
        Log.Commit();
        car.All();
        var viewer = Client("viewer");
        viewer.Subscribe("a/b", options: 2, expected: "SubAck 9: 02");
        Assert.Equal([$"a/b new q{qos} #{(qos == 0 ? 0 : 1)} retained"], viewer.All());
    }

    [Fact]
    public void Live_messages_are_not_marked_but_where_that_was_asked_for()
    {
        var plain = Client("plain");
        plain.Subscribe("a");
        var marked = Client("marked");
        marked.Subscribe("a", options: 1 | 8);
        Client().Publish("a", "x", 1, 1, retain: true);
        Log.Commit();
        Assert.Equal(["a x q1 #1"], plain.All());
        Assert.Equal(["a x q1 #1 retained"], marked.All());
    }

    [Fact]
    public void An_empty_one_removes_it_and_is_delivered()
    {
        var car = Client();
        car.Publish("a", "x", 0, retain: true);
        var viewer = Client("viewer");
        viewer.Subscribe("a");
        Assert.Equal(["a x q0 #0 retained"], viewer.All());
        car.Publish("a", "", 0, retain: true);
        Assert.Equal(["a  q0 #0"], viewer.All());
        var late = Client("late");
        late.Subscribe("a");
        Assert.Empty(late.All());
    }

    [Theory]
    [InlineData("#", "a a/b a/b/c")]
    [InlineData("a/#", "a a/b a/b/c")]
    [InlineData("+", "a")]
    [InlineData("a/+", "a/b")]
    [InlineData("+/+/c", "a/b/c")]
    [InlineData("$x/#", "$x/y")]
    [InlineData("a/b", "a/b")]
    [InlineData("b", "")]
    public void Wildcards_find_all_that_match(string filter, string topics)
    {
        var car = Client();
        foreach (var topic in new[] { "a", "a/b", "a/b/c", "$x/y" }) car.Publish(topic, "x", 0, retain: true);
        var viewer = Client("viewer");
        viewer.Subscribe(filter);
        Assert.Equal(topics, string.Join(' ', viewer.All().Select(m => m.Split(' ')[0]).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Retain_handling_says_when_they_are_sent()
    {
        Client().Publish("a", "x", 0, retain: true);
        var viewer = Client("viewer");
        viewer.Subscribe("a", options: 1 | (2 << 4));
        Assert.Empty(viewer.All());
        viewer.Subscribe("a", options: 1 | (1 << 4));
        Assert.Empty(viewer.All());
        viewer.Subscribe("a", options: 1);
        Assert.Single(viewer.All());
        viewer.Subscribe("b", options: 1 | (1 << 4));
        viewer.Unsubscribe("a");
        viewer.All();
        viewer.Subscribe("a", options: 1 | (1 << 4));
        Assert.Single(viewer.All());
    }

    [Theory, InlineData(false), InlineData(true)]
    public void They_survive_a_crash_from_documents_and_from_the_log(bool checkpoint)
    {
        var car = Client();
        car.Publish("a", "kept", 1, 1, retain: true);
        car.Publish("b", "gone", 1, 2, retain: true);
        car.Publish("b", "", 1, 3, retain: true);
        Log.Commit();
        car.Publish("c", "not safe", 1, 4, retain: true);
        if (checkpoint) Time.Advance(TimeSpan.FromSeconds(12));
        Crash();
        var viewer = Client("viewer");
        viewer.Subscribe("#");
        Assert.Equal(["a kept q1 #1 retained"], viewer.All());
    }

    [Fact]
    public void Beyond_the_limit_one_more_is_refused_and_the_client_stays()
    {
        Options = Options with { MaxRetainedMessages = 1 };
        var car = Client();
        car.Publish("a", "x", 1, 1, retain: true);
        Log.Commit();
        car.Publish("b", "x", 1, 2, retain: true);
        car.Publish("a", "y", 1, 3, retain: true);
        Log.Commit();
        Assert.Equal(["PubAck 1", "PubAck 2 QuotaExceeded", "PubAck 3"], car.All());
    }

    [Fact]
    public void A_thousand_of_them_keep_to_the_receive_maximum()
    {
        var car = Client();
        for (var i = 0; i < 1000; i++)
        {
            car.Publish($"a/{i}", "x", 1, (ushort)(i + 1), retain: true);
            Log.Commit();
        }

        var viewer = TestClient.Connected(Broker, "viewer", receiveMaximum: 10);
        viewer.Subscribe("a/#");
        var got = 0;
        for (var round = viewer.All(); round.Count > 0; round = viewer.All())
        {
            Assert.True(round.Count <= 10);
            got += round.Count;
            foreach (var message in round) viewer.PubAck(ushort.Parse(message.Split('#')[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(1000, got);
    }
}
