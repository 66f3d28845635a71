using Millrace.Mqtt;

namespace Millrace.Tests.Gateway;

/// <summary>Sessions that outlive connections, and the process.</summary>
public sealed class SessionTests : GatewayTest
{
    [Fact]
    public void A_session_that_is_kept_gets_what_came_meanwhile()
    {
        Offline("viewer", "a/#");
        var car = Client();
        for (ushort i = 1; i <= 3; i++) car.Publish("a/b", $"{i}", qos: 1, i);
        Log.Commit();
        car.Publish("a/b", "not kept", qos: 0);

        var viewer = Back("viewer");
        Assert.Equal(["a/b 1 q1 #1", "a/b 2 q1 #2", "a/b 3 q1 #3"], viewer.All());
    }

    [Fact]
    public void What_was_not_acknowledged_comes_again_with_its_packet_id_and_DUP()
    {
        var viewer = Offline("viewer", "a", stay: true);
        var car = Client();
        for (ushort i = 1; i <= 3; i++) car.Publish("a", $"{i}", qos: 1, i);
        Log.Commit();
        Assert.Equal(3, viewer.All().Count);
        viewer.PubAck(2);
        viewer.Vanish();
        car.Publish("a", "4", qos: 1, 4);
        Log.Commit();

        Assert.Equal(["a 1 q1 #1 dup", "a 3 q1 #3 dup", "a 4 q1 #4"], Back("viewer").All());
    }

    [Fact]
    public void A_clean_start_ends_the_session_of_before()
    {
        Offline("viewer", "a");
        var viewer = new TestClient(Broker);
        viewer.Connect("viewer", cleanStart: true);
        Assert.StartsWith("ConnAck Success ServerKeepAlive", viewer.Next(), StringComparison.Ordinal);
        Publish("a", "x");
        Assert.Empty(viewer.All());
        Assert.Equal(0, Counts.Subscriptions);
    }

    [Fact]
    public void A_session_ends_when_its_time_is_over()
    {
        Offline("viewer", "a", expiry: 60);
        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, Counts.Subscriptions);
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, Counts.Subscriptions);
        var viewer = new TestClient(Broker);
        viewer.Connect("viewer", cleanStart: false, sessionExpiry: 60);
        Assert.StartsWith("ConnAck Success ServerKeepAlive", viewer.Next(), StringComparison.Ordinal);
        Assert.Single(Documents.List("sessions"));
    }

    [Fact]
    public void A_session_survives_a_crash_with_subscriptions_and_what_it_had_not_got()
    {
        var viewer = Offline("viewer", "a/#", stay: true);
        Publish("a/b", "1");
        Assert.Equal(["a/b 1 q1 #1"], viewer.All());
        viewer.PubAck(1);
        Time.Advance(TimeSpan.FromSeconds(3));
        Publish("a/b", "2");
        Assert.Equal(["a/b 2 q1 #2"], viewer.All());
        Crash();

        Publish("a/b", "3", packetId: 7);
        var again = Back("viewer").All();
        Assert.Equal(["a/b 2", "a/b 3"], again.Select(m => m[..5]));
    }

    [Fact]
    public async Task A_subscription_of_a_kept_session_is_confirmed_when_it_is_safe()
    {
        Documents.CommitsAtOnce = false;
        var viewer = new TestClient(Broker);
        viewer.Connect("viewer", cleanStart: false, sessionExpiry: 60);
        Assert.Equal("", viewer.Next());
        Documents.Commit();
        await viewer.Connection.AuthenticateAsync(TestContext.Current.CancellationToken);
        viewer.GoOn();
        Assert.StartsWith("ConnAck", viewer.Next(), StringComparison.Ordinal);
        viewer.Subscribe("a", expected: "");
        Documents.Commit();
        Assert.Equal("SubAck 9: 01", viewer.Next());
    }

    [Fact]
    public void More_than_is_listed_waits_in_the_log_and_survives_a_crash()
    {
        Options = Options with { MaxListedMessages = 3 };
        Offline("viewer", "a");
        for (ushort i = 1; i <= 20; i++)
        {
            Publish("a", $"{i}", i);
            Publish("b", "not wanted", (ushort)(i + 100));
        }

        Time.Advance(TimeSpan.FromSeconds(12));
        Crash();
        for (ushort i = 21; i <= 25; i++) Publish("a", $"{i}", i);
        Assert.Equal(Enumerable.Range(1, 25).Select(i => $"a {i} q1 #{i}"), Back("viewer").All());
    }

    [Fact]
    public void DISCONNECT_may_change_how_long_the_session_is_kept()
    {
        var viewer = Offline("viewer", "a", stay: true);
        viewer.Send("E0 07 00 05 11 00000000");
        Assert.Equal(0, Counts.Subscriptions);
        Assert.Empty(Documents.List("sessions"));
    }

    [Fact]
    public void A_will_waits_for_its_delay_and_is_not_published_where_the_client_comes_back()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("w");
        var car = new TestClient(Broker);
        car.Connect("car", will: "w", willDelay: 5, sessionExpiry: 60, cleanStart: false);
        car.Vanish();
        Time.Advance(TimeSpan.FromSeconds(4));
        car = new TestClient(Broker);
        car.Connect("car", will: "w", willDelay: 5, sessionExpiry: 60, cleanStart: false);
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(viewer.All());
        car.Vanish();
        Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["w gone q0 #0"], viewer.All());
    }

    [Fact]
    public void Overlapping_subscriptions_bring_one_copy_with_the_highest_QoS_and_all_identifiers()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("a/#", options: 0, identifier: 1, expected: "SubAck 9: 00");
        viewer.Subscribe("a/+", options: 1, identifier: 2);
        viewer.Subscribe("b", options: 1, identifier: 3);
        Publish("a/b", "x");
        Assert.Equal(["a/b x q1 #1 for 1 for 2"], viewer.All());
    }

    [Fact]
    public void Messages_expire_while_they_wait_and_tell_what_time_is_left()
    {
        Time.Advance(TimeSpan.FromDays(1));
        Log = new Testing.Mqtt.ManualLog(1, Time);
        Offline("viewer", "a");
        var car = Client();
        car.Send(car.PublishBytes("a", "short", 1, 1, expiry: 10));
        car.Send(car.PublishBytes("a", "long", 1, 2, expiry: 100));
        Log.Commit();
        Workers.Settle(Broker);
        Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(["a long q1 #2 expires 70"], Back("viewer").All());
    }

    [Fact]
    public void Aliases_stand_for_topics_both_ways()
    {
        var viewer = new TestClient(Broker);
        viewer.Connect("viewer", topicAliases: 1);
        viewer.Next();
        viewer.Subscribe("#");
        var car = Client();
        car.Send(car.PublishBytes("a", "1", 0, alias: 5));
        car.Send(car.PublishBytes("", "2", 0, alias: 5));
        car.Send(car.PublishBytes("b", "3", 0, alias: 5));
        car.Send(car.PublishBytes("", "4", 0, alias: 5));
        Assert.Equal(["a 1 q0 #0 alias 1", " 2 q0 #0 alias 1", "b 3 q0 #0 alias 1", " 4 q0 #0 alias 1"], viewer.All());
        Assert.Equal(["car a 1", "car a 2", "car b 3", "car b 4"], Log.Appended);
    }

    [Fact]
    public void A_checkpoint_passes_what_nobody_subscribed_to_so_that_the_next_start_does_not_read_it()
    {
        var car = Client();
        for (ushort i = 1; i <= 5; i++) car.Publish("a", "x", qos: 1, i);
        Log.Commit();
        Time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal("[5]"u8.ToArray(), Documents.Find("gateway", "dispatched"));
    }

    [Fact]
    public void A_packet_larger_than_the_client_takes_is_not_sent_and_the_next_is()
    {
        var viewer = new TestClient(Broker);
        viewer.Connect("viewer", maxPacketSize: 30);
        viewer.Next();
        viewer.Subscribe("a");
        Publish("a", new string('x', 40), 1);
        Publish("a", "small", 2);
        Assert.Equal(["a small q1 #2"], viewer.All());
        Assert.Equal(1, Counts.Dropped);
    }
}
