using Millrace.Contracts;
using Millrace.Gateway;
using Millrace.Gateway.Observing;
using Millrace.Mqtt;

namespace Millrace.Tests.Gateway;

public sealed class SysTopicsTests : GatewayTest
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Fact]
    public void The_topics_are_named_as_mosquitto_names_them()
    {
        string[] loads =
        [
            "messages/received", "messages/sent", "publish/received", "publish/sent", "publish/dropped", "bytes/received", "bytes/sent",
            "sockets", "connections",
        ];
        string[] expected =
        [
            "version", "uptime", "clients/total", "clients/connected", "clients/disconnected", "clients/maximum", "clients/expired",
            "messages/received", "messages/sent", "messages/stored", "store/messages/count",
            "publish/messages/received", "publish/messages/sent", "publish/messages/dropped", "publish/bytes/received", "publish/bytes/sent",
            "bytes/received", "bytes/sent", "subscriptions/count", "shared_subscriptions/count", "retained messages/count",
            .. loads.SelectMany(load => new[] { $"load/{load}/1min", $"load/{load}/5min", $"load/{load}/15min" }),
        ];
        _ = Broker;
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Read("$SYS/broker/#").Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void They_say_what_the_counters_say()
    {
        var car = Client();
        car.Subscribe("a", options: 0, expected: "SubAck 9: 00");
        car.Subscribe("$share/g/b", options: 0, expected: "SubAck 9: 00");
        car.Publish("a", "four", qos: 0);
        car.Publish("a", "fives", qos: 0);
        Assert.Equal(2, car.All().Count);
        Offline("gone", "x");
        Time.Advance(TimeSpan.FromSeconds(1));
        var said = Read("$SYS/#");
        Assert.Equal("millrace version 0.1.0", said["version"]);
        Assert.Equal("1 seconds", said["uptime"]);
        Assert.Equal("2", said["clients/total"]);
        Assert.Equal("1", said["clients/connected"]);
        Assert.Equal("1", said["clients/disconnected"]);
        Assert.Equal("2", said["clients/maximum"]);
        Assert.Equal("3", said["subscriptions/count"]);
        Assert.Equal("1", said["shared_subscriptions/count"]);
        Assert.Equal("2", said["publish/messages/received"]);
        Assert.Equal("2", said["publish/messages/sent"]);
        Assert.Equal("9", said["publish/bytes/received"]);
        Assert.Equal("9", said["publish/bytes/sent"]);

        // CONNECT, two SUBSCRIBEs and two PUBLISHes; CONNECT and SUBSCRIBE. As many go back.
        Assert.Equal("7", said["messages/received"]);
        Assert.Equal("7", said["messages/sent"]);
    }

    [Fact]
    public void A_session_that_expires_is_counted()
    {
        Offline("gone", "x", expiry: 5);
        Time.Advance(Interval + TimeSpan.FromSeconds(2));
        var said = Read("$SYS/broker/clients/+");
        Assert.Equal("1", said["clients/expired"]);
        Assert.Equal("0", said["clients/disconnected"]);
        Assert.Equal("1", said["clients/maximum"]);
    }

    [Fact]
    public void Only_what_has_changed_is_published_again()
    {
        var viewer = Client("viewer");
        foreach (var filter in new[] { "$SYS/broker/uptime", "$SYS/broker/clients/#" }) viewer.Subscribe(filter, options: 0, expected: "SubAck 9: 00");
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(6, viewer.All().Count);
        Time.Advance(Interval);
        Assert.Equal(["$SYS/broker/uptime 11 seconds q0 #0"], viewer.All());
        _ = Client("another");
        Time.Advance(Interval);
        Assert.Equal(
            [
                "$SYS/broker/uptime 21 seconds q0 #0", "$SYS/broker/clients/total 2 q0 #0", "$SYS/broker/clients/connected 2 q0 #0",
                "$SYS/broker/clients/maximum 2 q0 #0",
            ],
            viewer.All());
    }

    [Fact]
    public void They_are_hidden_from_wildcards_and_in_no_log_and_no_document()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("#", options: 0, expected: "SubAck 9: 00");
        viewer.Subscribe("+/broker/uptime", options: 0, expected: "SubAck 9: 00");
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(viewer.All());
        Assert.Empty(Log.Appended);
        Assert.True(Broker.Retained.Count > 0);
        Crash();
        Assert.Equal(0, Broker.Retained.Count);
    }

    [Fact]
    public void A_client_publishes_nothing_there()
    {
        var car = Client();
        car.Publish("$SYS/broker/uptime", "for ever", qos: 1, packetId: 1);
        Assert.Equal("PubAck 1 TopicNameInvalid", car.Next());
    }

    [Fact]
    public void With_an_interval_of_zero_there_are_none()
    {
        Options = new BrokerOptions { SysInterval = TimeSpan.Zero };
        Assert.Empty(Options.Check());
        _ = Broker;
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, Broker.Retained.Count);
    }

    [Fact]
    public void An_interval_that_is_too_short_is_a_mistake() =>
        Assert.Equal(
            [new Problem("mqtt.sysInterval", "must be 0 or from 1 second to 1 hour")],
            new BrokerOptions { SysInterval = TimeSpan.FromMilliseconds(100) }.Check());

    [Fact]
    public void Load_is_averaged_exponentially()
    {
        var load = new LoadAverage();
        load.Add(60, Interval);
        Assert.Equal(360 * (1 - Math.Exp(-10.0 / 60)), load.PerMinute[0], 0.01);
        Assert.Equal(360 * (1 - Math.Exp(-10.0 / 300)), load.PerMinute[1], 0.01);
        Assert.Equal(360 * (1 - Math.Exp(-10.0 / 900)), load.PerMinute[2], 0.01);
        for (var i = 2; i <= 1000; i++) load.Add(60 * i, Interval);
        Assert.All(load.PerMinute.ToArray(), perMinute => Assert.Equal(360, perMinute, 0.01));
        load.Add(60_000, TimeSpan.FromMinutes(1));
        Assert.Equal(360 * Math.Exp(-1), load.PerMinute[0], 0.01);
    }

    /// <summary>What a new subscriber gets, without the root of the topics.</summary>
    private Dictionary<string, string> Read(string filter)
    {
        var viewer = Client("reader", ProtocolVersion.V311);
        viewer.Subscribe(filter, options: 0, expected: "SubAck 9: 00");
        const string root = "$SYS/broker/";
        const string end = " q0 #0 retained";
        var all = viewer.All();
        Assert.All(all, one => Assert.EndsWith(end, one, StringComparison.Ordinal));
        return all.Select(one => one[root.Length..^end.Length]).ToDictionary(Topic, one => one[(Topic(one).Length + 1)..]);

        static string Topic(string one) =>
            one.StartsWith("retained messages/count", StringComparison.Ordinal) ? "retained messages/count" : one[..one.IndexOf(' ', StringComparison.Ordinal)];
    }
}
