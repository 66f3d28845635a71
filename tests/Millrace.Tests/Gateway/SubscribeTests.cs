using Millrace.Contracts;
using Millrace.Mqtt;

namespace Millrace.Tests.Gateway;

public sealed class SubscribeTests : GatewayTest
{
    [Theory]
    [InlineData(ProtocolVersion.V311, ProtocolVersion.V5)]
    [InlineData(ProtocolVersion.V5, ProtocolVersion.V311)]
    public void Subscribers_see_QoS_0_at_once_and_QoS_1_after_the_commit(ProtocolVersion from, ProtocolVersion to)
    {
        var viewer = Client("viewer", to);
        viewer.Subscribe("dt/#");
        var car = Client("car", from);
        car.Publish("dt/a", "0", qos: 0);
        Assert.Equal("dt/a 0 q0 #0", viewer.Next());
        car.Publish("dt/a", "1", qos: 1, 1);
        Assert.Equal("", viewer.Next());
        Log.Partition.Commit();
        Assert.Equal("dt/a 1 q1 #1", viewer.Next());
        Assert.Equal(2, Counts.Sent);
    }

    [Fact]
    public void The_lower_of_both_QoS_is_used()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("a", options: 0, expected: "SubAck 9: 00");
        Client().Publish("a", "x", qos: 1, 1);
        Log.Partition.Commit();
        Assert.Equal("a x q0 #0", viewer.Next());
    }

    [Fact]
    public void QoS_2_is_granted() => Client("viewer").Subscribe("a", options: 2, expected: "SubAck 9: 02");

    [Theory]
    [InlineData("a/#/b", "SubAck 9: 8F")]
    [InlineData("$share/g", "SubAck 9: 8F")]
    [InlineData("$aws/rules/r/a", "SubAck 9: 87")]
    public void A_filter_that_cannot_be_had_gets_its_code(string filter, string expected) => Client().Subscribe(filter, expected: expected);

    [Fact]
    public void A_client_of_3_1_1_is_told_failure() =>
        Client(version: ProtocolVersion.V311).Subscribe("a/#/b", expected: "SubAck 9: 80");

    [Fact]
    public void A_filter_of_too_many_levels_is_refused() =>
        Client().Subscribe(string.Join('/', Enumerable.Repeat("a", 129)), expected: "SubAck 9: 8F");

    [Fact]
    public void A_subscription_identifier_comes_with_each_message()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("a/+", identifier: 300);
        Client().Publish("a/b", "x", qos: 0);
        Assert.Equal("a/b x q0 #0 for 300", viewer.Next());
    }

    [Fact]
    public void No_local_keeps_a_clients_own_messages_from_it()
    {
        var car = Client();
        var other = Client("other");
        car.Subscribe("a", options: 1 | 4);
        car.Publish("a", "mine", qos: 0);
        other.Publish("a", "theirs", qos: 0);
        car.Publish("a", "mine", qos: 1, 1);
        Log.Partition.Commit();
        Assert.Equal(["a theirs q0 #0", "PubAck 1"], car.All());
    }

    [Fact]
    public void Unsubscribing_ends_it_and_tells_what_there_was()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("a");
        viewer.Unsubscribe("a");
        viewer.Unsubscribe("a");
        Client().Publish("a", "x", qos: 0);
        Assert.Equal(["UnsubAck 8: 00", "UnsubAck 8: 11"], viewer.All());
        Assert.Equal(0, Counts.Subscriptions);
    }

    [Fact]
    public void In_flight_messages_keep_to_the_clients_receive_maximum_and_the_rest_follows_in_order()
    {
        var viewer = TestClient.Connected(Broker, "viewer", receiveMaximum: 2);
        viewer.Subscribe("a");
        var car = Client();
        for (ushort i = 1; i <= 4; i++) car.Publish("a", $"{i}", qos: 1, i);
        Log.Partition.Commit();
        Assert.Equal(["a 1 q1 #1", "a 2 q1 #2"], viewer.All());
        viewer.PubAck(2);
        Assert.Equal(["a 3 q1 #3"], viewer.All());
        viewer.PubAck(77);
        Assert.Empty(viewer.All());
        viewer.PubAck(1);
        Assert.Equal(["a 4 q1 #4"], viewer.All());
    }

    [Fact]
    public void A_slow_subscriber_loses_QoS_0_beyond_its_bound_and_it_is_counted()
    {
        Options = Options with { MaxPacketSize = ByteSize.KiB(2), MaxConnectPacketSize = ByteSize.KiB(1), MaxOutbox = ByteSize.KiB(4) };
        var viewer = Client("viewer");
        viewer.Subscribe("a");
        viewer.Reads = false;
        var car = Client();
        for (var i = 0; i < 10; i++) car.Publish("a", new string('x', 1000), qos: 0);
        Assert.Equal((10, 5, 5), (Counts.Accepted, Counts.Sent, Counts.Dropped));
        Assert.False(viewer.IsClosed);
        Assert.Equal(5, viewer.All().Count);
    }

    [Fact]
    public void A_slow_subscriber_gets_QoS_1_from_the_log_when_it_reads_again_and_the_others_at_once()
    {
        Options = Options with { MaxPacketSize = ByteSize.KiB(2), MaxConnectPacketSize = ByteSize.KiB(1), MaxOutbox = ByteSize.KiB(4), MaxListedMessages = 3 };
        var slow = Client("slow");
        var quick = Client("quick");
        slow.Subscribe("a");
        quick.Subscribe("a");
        slow.Reads = false;
        var car = Client();
        for (ushort i = 1; i <= 20; i++)
        {
            car.Publish("a", $"{i}".PadRight(1000), qos: 1, i);
            Log.Partition.Commit();
        }

        Assert.Equal(20, quick.All().Count);
        Assert.Equal(20, car.All().Count);
        Assert.Equal(5 + 20, Counts.Sent);
        slow.Reads = true;
        Assert.Equal(Enumerable.Range(1, 20), slow.All().Select(static m => int.Parse(m.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(0, Counts.Dropped);
    }

    [Fact]
    public void A_client_that_sends_and_never_reads_is_not_read_from_either()
    {
        Options = Options with { MaxPacketSize = ByteSize.KiB(2), MaxConnectPacketSize = ByteSize.KiB(1), MaxOutbox = ByteSize.KiB(2) };
        var car = Client();
        car.Reads = false;
        var pings = Convert.FromHexString(string.Concat(Enumerable.Repeat("C000", 2000)));
        car.Send(pings);
        Assert.Equal(Millrace.Gateway.Connections.Progress.NeedQuiet, car.Send(pings));
        Assert.Equal(4000, car.Unread);
        Assert.Equal(2000, car.All().Count);
        Assert.True(car.WasResumed);
        Assert.Equal(Millrace.Gateway.Connections.Progress.NeedInput, car.GoOn());
    }

    [Fact]
    public void Two_sessions_that_deliver_to_each_other_from_two_threads_both_get_everything()
    {
        const int Messages = 2000;
        var a = Client("a");
        var b = Client("b");
        a.Subscribe("to/a", options: 0, expected: "SubAck 9: 00");
        b.Subscribe("to/b", options: 0, expected: "SubAck 9: 00");
        a.Reads = b.Reads = false;
        Parallel.Invoke(
            () => SendMany(a, "to/b", Messages),
            () => SendMany(b, "to/a", Messages));
        Assert.Equal(Messages, a.All().Count);
        Assert.Equal(Messages, b.All().Count);
        Assert.Equal(2 * Messages, Counts.Accepted);
    }

    private static void SendMany(TestClient client, string topic, int count)
    {
        for (var i = 0; i < count; i++) client.Publish(topic, "x", qos: 0);
    }
}
