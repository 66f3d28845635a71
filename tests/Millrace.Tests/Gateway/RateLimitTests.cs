using Millrace.Contracts;
using Millrace.Gateway;
using Millrace.Gateway.Connections;
using Millrace.Mqtt;

namespace Millrace.Tests.Gateway;

public sealed class RateLimitTests : GatewayTest
{
    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V5)]
    public void Beyond_its_rate_a_client_is_not_read_from_for_a_while(ProtocolVersion version)
    {
        var car = Connect(new ListenerOptions { MaxPublishRate = 10 }, version);
        Assert.Equal(Progress.NeedQuiet, SendMany(car, 15));
        Assert.Equal(10, Log.Appended.Count);
        Assert.Equal(1, Throttled);
        Assert.Equal(Progress.NeedQuiet, car.GoOn());
        Assert.Equal((10, 1), (Log.Appended.Count, Throttled));
        Assert.False(car.WasResumed);
        Time.Advance(TimeSpan.FromMilliseconds(110));
        Assert.True(car.WasResumed);
        Assert.Equal(Progress.NeedQuiet, car.GoOn());
        Assert.Equal(11, Log.Appended.Count);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Progress.NeedInput, car.GoOn());
        Assert.Equal(15, Log.Appended.Count);
        Assert.False(car.IsClosed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public void In_the_long_run_a_client_gets_its_rate_and_no_more(int rate)
    {
        var car = Connect(new ListenerOptions { MaxPublishRate = rate });
        var left = (rate * 12) + 50;
        SendMany(car, left);
        for (var ms = 0; ms < 10_000; ms += 10)
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            if (car.Progress == Progress.NeedQuiet) car.GoOn();
        }

        // A second's worth at once, and ten seconds of it.
        Assert.InRange(Log.Appended.Count, (rate * 10.8) - 1, rate * 11);
    }

    [Fact]
    public void Bytes_have_a_rate_too_and_a_large_packet_is_paid_for_afterwards()
    {
        var car = Connect(new ListenerOptions { MaxPublishBytes = ByteSize.KiB(1) });
        var large = new string('x', 4096);
        Assert.Equal(Progress.NeedInput, car.Publish("a", large, qos: 0));
        Assert.Equal(Progress.NeedQuiet, car.Publish("a", "next", qos: 0));
        Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(car.WasResumed);
        Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(car.WasResumed);
        Assert.Equal(Progress.NeedInput, car.GoOn());
        Assert.Equal(2, Log.Appended.Count);
    }

    [Fact]
    public void A_message_that_waits_for_room_is_paid_for_once()
    {
        var car = Connect(new ListenerOptions { MaxPublishRate = 2 });
        Log.Partition.Capacity = 0;
        Assert.Equal(Progress.NeedRoom, car.Publish("a", "1", qos: 1, packetId: 1));
        for (var i = 0; i < 5; i++) Assert.Equal(Progress.NeedRoom, car.GoOn());
        Log.Partition.Capacity = 10;
        Assert.Equal(Progress.NeedInput, car.GoOn());
        Assert.Equal(Progress.NeedInput, car.Publish("a", "2", qos: 1, packetId: 2));
        Assert.Equal(Progress.NeedQuiet, car.Publish("a", "3", qos: 1, packetId: 3));
        Log.Commit();
        Assert.Equal(["PubAck 1", "PubAck 2"], car.All());
    }

    [Fact]
    public void A_client_that_keeps_to_its_rate_is_never_held_up()
    {
        var car = Connect(new ListenerOptions { MaxPublishRate = 10 });
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(Progress.NeedInput, car.Publish("a", "1", qos: 0));
            Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(0, Throttled);
    }

    [Fact]
    public void A_pause_does_not_count_for_the_keep_alive()
    {
        var car = new TestClient(Broker, listener: new ListenerOptions { MaxPublishBytes = ByteSize.KiB(1) });
        car.Connect("car", keepAlive: 1);
        car.Publish("a", new string('x', 10_000), qos: 0);
        Assert.Equal(Progress.NeedQuiet, car.Send("C0 00 30 05 00 01 61 00 31"));
        Time.Advance(TimeSpan.FromSeconds(8));
        Assert.False(car.IsClosed);
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(Progress.NeedInput, car.GoOn());
    }

    [Fact]
    public void A_pause_ends_with_the_connection()
    {
        var car = Connect(new ListenerOptions { MaxPublishRate = 1 });
        SendMany(car, 3);
        car.Vanish();
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(car.WasResumed);
    }

    private int Throttled => (int)Broker.Counters.Listeners().Single().Throttled;

    private static Progress SendMany(TestClient client, int messages)
    {
        var one = client.PublishBytes("a", "1", qos: 0);
        return client.Send(Enumerable.Repeat(one, messages).SelectMany(static bytes => bytes).ToArray());
    }

    private TestClient Connect(ListenerOptions listener, ProtocolVersion version = ProtocolVersion.V5)
    {
        var client = new TestClient(Broker, version, listener);
        client.Connect("car");
        Assert.StartsWith("ConnAck Success", client.Next(), StringComparison.Ordinal);
        return client;
    }
}
