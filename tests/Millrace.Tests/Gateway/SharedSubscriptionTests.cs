namespace Millrace.Tests.Gateway;

public sealed class SharedSubscriptionTests : GatewayTest
{
    [Fact]
    public void Each_message_goes_to_one_member_in_turns()
    {
        var members = Enumerable.Range(0, 4).Select(i => Client($"m{i}")).ToArray();
        foreach (var member in members) member.Subscribe("$share/g/a/#");
        for (ushort i = 1; i <= 20; i++) Publish("a/b", $"{i}", i);
        Assert.All(members, member => Assert.Equal(5, member.All().Count));
    }

    [Fact]
    public void Two_groups_and_a_plain_subscription_each_get_all()
    {
        var one = Client("one");
        one.Subscribe("$share/g/a");
        var two = Client("two");
        two.Subscribe("$share/h/a");
        two.Subscribe("a");
        Publish("a", "x");
        Assert.Single(one.All());
        Assert.Equal(2, two.All().Count);
    }

    [Fact]
    public void What_a_member_did_not_acknowledge_goes_to_another_when_it_leaves()
    {
        var first = Client("first");
        first.Subscribe("$share/g/a");
        for (ushort i = 1; i <= 5; i++) Publish("a", $"{i}", i);
        Assert.Equal(5, first.All().Count);
        first.PubAck(1);
        var second = Client("second");
        second.Subscribe("$share/g/a");
        first.Vanish();
        Assert.Equal(["a 2 q1 #1", "a 3 q1 #2", "a 4 q1 #3", "a 5 q1 #4"], second.All());
    }

    [Fact]
    public void Messages_wait_while_no_member_has_room_and_the_first_that_has_takes_them()
    {
        var slow = TestClient.Connected(Broker, "slow", receiveMaximum: 1);
        slow.Subscribe("$share/g/a");
        for (ushort i = 1; i <= 4; i++) Publish("a", $"{i}", i);
        Assert.Single(slow.All());
        var quick = Client("quick");
        quick.Subscribe("$share/g/a");
        Publish("a", "5", 5);
        Assert.Equal(["2", "3", "4", "5"], quick.All().Select(m => m.Split(' ')[1]));
    }

    [Fact]
    public void Members_that_are_kept_find_what_came_while_all_were_away_also_after_a_crash()
    {
        Offline("one", "$share/g/a");
        Offline("two", "$share/g/a");
        for (ushort i = 1; i <= 4; i++) Publish("a", $"{i}", i);
        Time.Advance(TimeSpan.FromSeconds(12));
        for (ushort i = 5; i <= 8; i++) Publish("a", $"{i}", i);
        Crash();
        var one = Back("one");
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8"], one.All().Select(m => m.Split(' ')[1]));
        Assert.Empty(Back("two").All());
    }

    [Fact]
    public void The_last_member_takes_the_subscription_along()
    {
        var one = Client("one");
        one.Subscribe("$share/g/a");
        one.Unsubscribe("$share/g/a");
        Assert.Equal(["UnsubAck 8: 00"], one.All());
        Publish("a", "x");
        one.Subscribe("$share/g/a");
        Assert.Empty(one.All());
        Assert.Equal(1, Counts.Subscriptions);
    }
}
