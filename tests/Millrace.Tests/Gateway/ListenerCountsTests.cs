using Millrace.Contracts.Devices;
using Millrace.Gateway;
using Millrace.Gateway.Counting;

namespace Millrace.Tests.Gateway;

public sealed class ListenerCountsTests : GatewayTest
{
    [Fact]
    public void Each_listener_has_counts_of_its_own()
    {
        var car = Connect("a", "car");
        _ = Connect("b", "truck");
        car.Publish("x", "12345", qos: 0);
        car.Send("C0 00");
        Assert.Equal("PingResp", car.Next());
        var (a, b) = (CountsOf("a"), CountsOf("b"));
        Assert.Equal((1, 1, 3, 2, 1, 5), (a.Connections, a.ConnectionsTotal, a.PacketsReceived, a.PacketsSent, a.MessagesReceived, a.PayloadReceived));
        Assert.Equal((1, 1, 1, 1, 0, 0), (b.Connections, b.ConnectionsTotal, b.PacketsReceived, b.PacketsSent, b.MessagesReceived, b.PayloadReceived));
        Assert.Equal(Counts.BytesReceived, a.BytesReceived + b.BytesReceived);
        Assert.Equal(Counts.BytesSent, a.BytesSent + b.BytesSent);
        car.Vanish();
        Assert.Equal((0, 1), (CountsOf("a").Connections, CountsOf("a").ConnectionsTotal));
        Assert.Equal(1, CountsOf("b").Connections);
    }

    [Fact]
    public void Messages_sent_are_those_of_the_subscribers_listener()
    {
        var viewer = Connect("b", "viewer");
        viewer.Subscribe("x", options: 1);
        Connect("a", "car").Publish("x", "123", qos: 1, packetId: 1);
        Log.Commit();
        Assert.Equal("x 123 q1 #1", viewer.Next());
        Assert.Equal((0, 1, 3), (CountsOf("a").MessagesSent, CountsOf("b").MessagesSent, CountsOf("b").PayloadSent));

        // CONNACK and PUBACK.
        Assert.Equal(2, CountsOf("a").PacketsSent);
    }

    [Fact]
    public void A_message_that_waits_for_room_counts_once()
    {
        var car = Connect("a", "car");
        Log.Partition.Capacity = 0;
        car.Publish("x", "1", qos: 1, packetId: 1);
        car.GoOn();
        Assert.Equal(0, CountsOf("a").MessagesReceived);
        Log.Partition.Capacity = 1;
        car.GoOn();
        Assert.Equal((1, 2), (CountsOf("a").MessagesReceived, CountsOf("a").PacketsReceived));
    }

    [Fact]
    public void Who_is_turned_away_and_who_breaks_the_rules_is_counted()
    {
        var stranger = new TestClient(Broker, listener: new ListenerOptions { Name = "a", Credentials = CredentialKinds.Password });
        stranger.Connect("stranger");
        var broken = Connect("a", "broken");
        broken.Send("F0 00");
        Assert.True(broken.IsClosed);
        var a = CountsOf("a");
        Assert.Equal((2, 1, 1, 1, 1), (a.Sockets, a.ConnectionsTotal, a.ConnectionsRefused, a.AuthenticationFailures, a.ProtocolErrors));
        Assert.Equal((1, 1, 1), (Counts.ConnectionsRefused, Counts.AuthenticationFailures, Counts.ProtocolErrors));
    }

    [Fact]
    public void The_state_tells_what_waits()
    {
        var away = Offline("away", "x");
        var here = Offline("here", "x", stay: true);
        Publish("x", "1");
        Publish("x", "2", packetId: 2);
        Client("keeper").Publish("y", "kept", qos: 0, retain: true);
        Assert.Equal(2, here.All().Count);
        here.PubAck(1);
        var state = Broker.ReadState();
        Assert.Equal((1, 1, 2, 1), (state.SessionsOffline, state.InFlight, state.Queued, state.RetainedMessages));
        Assert.Equal(0, state.DispatcherLag);
        Client("late").Publish("x", "3", qos: 1, packetId: 3);
        Log.Commit();
        Assert.True(Broker.ReadState().DispatcherLag > 0);
        Workers.Settle(Broker);
        Assert.Equal(0, Broker.ReadState().DispatcherLag);
        Assert.True(away.IsClosed);
    }

    private TestClient Connect(string listener, string id)
    {
        var client = new TestClient(Broker, listener: new ListenerOptions { Name = listener });
        client.Connect(id);
        Assert.StartsWith("ConnAck Success", client.Next(), StringComparison.Ordinal);
        return client;
    }

    private ListenerCounts CountsOf(string listener) => Broker.Counters.Listeners().Single(one => one.Listener == listener);
}
