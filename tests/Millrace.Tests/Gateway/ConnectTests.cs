using Millrace.Contracts;
using Millrace.Gateway;
using Millrace.Gateway.Connections;
using Millrace.Mqtt;

namespace Millrace.Tests.Gateway;

public sealed class ConnectTests : GatewayTest
{
    [Fact]
    public void CONNACK_tells_what_is_offered()
    {
        var car = new TestClient(Broker);
        car.Connect("", keepAlive: 30);
        Assert.Matches(
            "^ConnAck Success AssignedClientIdentifier=auto-[0-9a-f]{32} ReceiveMaximum=1024 MaximumPacketSize=262144 TopicAliasMaximum=32$",
            car.Next());
    }

    [Fact]
    public void A_client_without_keep_alive_is_given_one()
    {
        var car = new TestClient(Broker);
        car.Connect("car");
        Assert.Contains("ServerKeepAlive=1200", car.Next(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProtocolVersion.V5)]
    [InlineData(ProtocolVersion.V311)]
    public void Nobody_is_anonymous_but_on_loopback(ProtocolVersion version)
    {
        var car = new TestClient(Broker, version, new ListenerOptions { Credentials = Contracts.Devices.CredentialKinds.Certificate });
        Assert.Equal(Progress.Closed, car.Connect("car"));
        Assert.Equal(["ConnAck NotAuthorized"], car.All());
        Assert.True(car.IsClosed);
        Assert.Equal((1, 0, 0), (Counts.ConnectionsRefused, Counts.Connections, Counts.ConnectionsTotal));
    }

    [Fact]
    public void The_newer_connection_takes_the_client_id_over()
    {
        var first = Client();
        first.Subscribe("a");
        var second = Client();
        Assert.Equal("Disconnect SessionTakenOver", first.Next());
        Assert.True(first.IsClosed);
        Client("other").Publish("a", "x", qos: 0);
        Assert.Empty(second.All());
        Assert.Equal((2, 0), (Counts.Connections, Counts.Subscriptions));
    }

    [Fact]
    public void Silence_of_one_and_a_half_times_the_keep_alive_ends_the_connection()
    {
        var car = TestClient.Connected(Broker, "car", keepAlive: 10);
        Time.Advance(TimeSpan.FromSeconds(14));
        car.Send("C0 00");
        Time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(["PingResp"], car.All());
        Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["Disconnect KeepAliveTimeout"], car.All());
        Assert.True(car.IsClosed);
    }

    [Fact]
    public void Bytes_that_make_no_packet_do_not_keep_a_connection_alive()
    {
        var car = TestClient.Connected(Broker, "car", keepAlive: 10);
        Time.Advance(TimeSpan.FromSeconds(14));
        car.Send("30");
        Time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(car.IsClosed);
    }

    [Fact]
    public void A_client_that_the_server_does_not_read_from_is_not_silent()
    {
        var car = TestClient.Connected(Broker, "car", keepAlive: 10);
        Log.Partition.Capacity = 0;
        Assert.Equal(Progress.NeedRoom, car.Publish("a", "x", qos: 1, 1));
        Time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(car.IsClosed);
    }

    [Fact]
    public void A_connection_without_CONNECT_is_closed_after_the_timeout()
    {
        var nobody = new TestClient(Broker);
        nobody.Send("10");
        Time.Advance(TimeSpan.FromSeconds(12));
        Assert.True(nobody.IsClosed);
        Assert.Empty(nobody.All());
    }

    [Theory]
    [InlineData("C0 00")]
    [InlineData("30 04 0001 61 00")]
    [InlineData("00 00")]
    [InlineData("10 FF FF 7F")]
    public void Anything_but_a_small_CONNECT_comes_too_early(string hex)
    {
        var nobody = new TestClient(Broker);
        Assert.Equal(Progress.Closed, nobody.Send(hex));
        Assert.Empty(nobody.All());
    }

    [Fact]
    public void A_second_CONNECT_is_a_protocol_error()
    {
        var car = Client();
        car.Connect("car");
        Assert.Equal("Disconnect ProtocolError", car.Next());
    }

    [Fact]
    public void One_too_many_is_told_that_the_server_is_busy()
    {
        Options = Options with { MaxConnections = 1 };
        Client();
        var second = new TestClient(Broker);
        second.Connect("second");
        Assert.StartsWith("ConnAck ServerBusy", second.Next(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_session_of_3_1_1_needs_a_client_id()
    {
        var car = new TestClient(Broker, ProtocolVersion.V311);
        car.Connect("", cleanStart: false);
        Assert.Equal("ConnAck ClientIdentifierNotValid", car.Next());
    }

    [Fact]
    public void A_will_to_a_topic_of_the_servers_own_is_refused()
    {
        var car = new TestClient(Broker);
        car.Connect("a", will: "$SYS/w");
        Assert.StartsWith("ConnAck TopicNameInvalid", car.Next(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_protocol_level_of_tomorrow_is_refused_as_such()
    {
        var car = new TestClient(Broker);
        car.Send("10 0D 0004 4D515454 06 02 0000 00 0000");
        Assert.StartsWith("ConnAck UnsupportedProtocolVersion", car.Next(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_with_problems_name_all_of_them()
    {
        var options = Options with { MaxConnections = 0, MaxOutbox = new ByteSize(1), ReceiveMaximum = 70_000 };
        Assert.Equal(["mqtt.maxConnections", "mqtt.receiveMaximum", "mqtt.maxOutbox"], options.Check().Select(p => p.Where));
    }
}
