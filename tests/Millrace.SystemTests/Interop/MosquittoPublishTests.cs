using System.Text;

namespace Millrace.SystemTests.Interop;

/// <summary>mosquitto_pub to mosquitto_sub: each QoS, each version, sizes, order, and MQTT 5's properties.</summary>
public abstract class MosquittoPublishTests(BrokerUnderTest broker)
{
    public static TheoryData<string, string> Versions { get; } =
        new() { { "mqttv311", "mqttv311" }, { "mqttv311", "mqttv5" }, { "mqttv5", "mqttv311" }, { "mqttv5", "mqttv5" } };

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_message_comes_with_the_lower_of_its_qos_and_the_subscriptions(string publisher, string subscriber)
    {
        var topic = $"qos/{publisher}/{subscriber}";
        for (var granted = 0; granted <= 2; granted++)
        {
            await using var sub = await MosquittoSub.StartAsync(broker, "-V", subscriber, "-t", $"{topic}/+", "-q", $"{granted}");
            for (var qos = 0; qos <= 2; qos++)
            {
                await MosquittoPub.SendAsync(broker, $"{topic}/{qos}", "23.5", "-V", publisher, "-q", $"{qos}");
                Assert.Equal($"{topic}/{qos} {Math.Min(qos, granted)} 0 23.5", await sub.NextAsync());
            }
        }
    }

    [Theory]
    [InlineData("mqttv311", 0)]
    [InlineData("mqttv311", 1)]
    [InlineData("mqttv311", 2)]
    [InlineData("mqttv5", 0)]
    [InlineData("mqttv5", 1)]
    [InlineData("mqttv5", 2)]
    public async Task A_thousand_messages_of_one_publisher_come_once_and_in_their_order(string version, int qos)
    {
        Assert.SkipWhen(BrokerUnderTest.IsMosquitto && (version, qos) == ("mqttv5", 2), "mosquitto sends more than the Receive Maximum now and then.");
        var topic = $"order/{version}/{qos}";
        await using var sub = await MosquittoSub.StartAsync(broker, "-V", version, "-t", topic, "-q", $"{qos}", "-F", $"{MosquittoSub.Mark}%p");
        var ran = await Commands.RunAsync(
            "bash", ["-c", $"seq 1000 | mosquitto_pub {string.Join(' ', broker.MosquittoOptions)} -V {version} -t {topic} -q {qos} -l"]);
        Assert.Equal(0, ran.Code);
        Assert.Equal(Enumerable.Range(1, 1000).Select(static i => $"{i}"), await sub.NextAsync(1000));
        await MosquittoPub.SendAsync(broker, topic, "end", "-q", $"{qos}");
        Assert.Equal("end", await sub.NextAsync());
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Payloads_and_topics_of_every_size_pass_unchanged(string version)
    {
        await using var sub = await MosquittoSub.StartAsync(broker, "-V", version, "-t", "size/#", "-q", "1", "-F", $"{MosquittoSub.Mark}%t %l %x");
        var file = Path.GetTempFileName();
        var random = new Random(7);
        (string, int)[] sizes =
            [("size/empty", 0), ("size/one", 1), ("size//", 127), ("size/ with spaces ", 128), ("size/Grüße/车", 16_383), ("size/large", 250_000)];
        foreach (var (topic, size) in sizes)
        {
            var payload = new byte[size];
            random.NextBytes(payload);
            await File.WriteAllBytesAsync(file, payload);
            string[] content = size == 0 ? ["-n"] : ["-f", file];
            var ran = await Commands.RunAsync(
                "mosquitto_pub", [.. broker.MosquittoOptions, "-V", version, "-q", "1", "-t", topic, .. content]);
            Assert.Equal(0, ran.Code);
            Assert.Equal($"{topic} {size} {Convert.ToHexStringLower(payload)}", await sub.NextAsync());
        }

        File.Delete(file);
    }

    [Fact]
    public async Task Properties_of_a_message_pass_through()
    {
        await using var sub = await MosquittoSub.StartAsync(
            broker, "-V", "mqttv5", "-t", "properties/#", "-q", "2", "-F", $"{MosquittoSub.Mark}%t|%C|%R|%D|%F|%E|%P|%p");
        await MosquittoPub.SendAsync(
            broker, "properties/all", "{}", "-V", "mqttv5", "-q", "2",
            "-D", "publish", "content-type", "application/json", "-D", "publish", "response-topic", "answers/1",
            "-D", "publish", "correlation-data", "c0ffee", "-D", "publish", "payload-format-indicator", "1",
            "-D", "publish", "message-expiry-interval", "300",
            "-D", "publish", "user-property", "unit", "°C", "-D", "publish", "user-property", "room", "7", "-D", "publish", "user-property", "unit", "K");
        Assert.Equal("properties/all|application/json|answers/1|c0ffee|1|300|unit:°C room:7 unit:K|{}", await sub.NextAsync());
        await MosquittoPub.SendAsync(broker, "properties/none", "{}", "-V", "mqttv5");
        Assert.Equal("properties/none|||||||{}", await sub.NextAsync());
    }

    [Fact]
    public async Task A_subscriber_with_3_1_1_hears_a_message_without_its_properties()
    {
        await using var sub = await MosquittoSub.StartAsync(broker, "-V", "mqttv311", "-t", "properties-311", "-q", "1");
        await MosquittoPub.SendAsync(
            broker, "properties-311", "x", "-V", "mqttv5", "-q", "1",
            "-D", "publish", "content-type", "text/plain", "-D", "publish", "user-property", "a", "b");
        Assert.Equal("properties-311 1 0 x", await sub.NextAsync());
    }

    [Fact]
    public async Task Messages_that_name_their_topic_by_an_alias_arrive_under_the_topic()
    {
        await using var sub = await MosquittoSub.StartAsync(broker, "-V", "mqttv5", "-t", "aliased/#", "-q", "1");
        // The first line goes out with topic and alias, the others with the alias alone.
        var ran = await Commands.RunAsync(
            "bash", ["-c", $"seq 3 | mosquitto_pub {string.Join(' ', broker.MosquittoOptions)} -V mqttv5 -q 1 -t aliased/topic -D publish topic-alias 5 -l"]);
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal(["aliased/topic 1 0 1", "aliased/topic 1 0 2", "aliased/topic 1 0 3"], await sub.NextAsync(3));
    }

    [Fact]
    public async Task A_subscription_identifier_comes_back_with_each_message()
    {
        await using var sub = await MosquittoSub.StartAsync(
            broker, "-V", "mqttv5", "-t", "identified/+", "-q", "1",
            "-D", "subscribe", "subscription-identifier", "268435455", "-F", $"{MosquittoSub.Mark}%t %S");
        await MosquittoPub.SendAsync(broker, "identified/x", "1", "-q", "1");
        Assert.Equal("identified/x 268435455", await sub.NextAsync());
    }

    [Fact]
    public async Task A_client_that_unsubscribes_hears_no_more()
    {
        await MosquittoSub.SubscribeOnlyAsync(broker, "-i", "leaver", "-c", "-t", "left", "-t", "kept", "-q", "1");
        var left = await Commands.RunAsync(
            "mosquitto_sub", [.. broker.MosquittoOptions, "-i", "leaver", "-c", "-q", "1", "-t", "kept", "-U", "left", "-E"]);
        Assert.Equal(0, left.Code);
        await using var sub = await MosquittoSub.StartAsync(broker, "-i", "leaver", "-c", "-t", "kept", "-q", "1");
        await MosquittoPub.SendAsync(broker, "left", "1", "-q", "1");
        await MosquittoPub.SendAsync(broker, "kept", "2", "-q", "1");
        Assert.Equal("kept 1 0 2", await sub.NextAsync());
    }

    [Fact]
    public async Task The_brokers_own_topics_are_there_and_hidden_from_wildcards()
    {
        await using var everything = await MosquittoSub.StartAsync(broker, "-t", "#", "-t", "+/broker/#", "-q", "0");
        await using var own = await MosquittoSub.StartAsync(broker, "-t", "$SYS/#", "-q", "0");
        var seen = new StringBuilder();
        while (!seen.ToString().Contains("$SYS/broker/clients/connected ", StringComparison.Ordinal)
               || !seen.ToString().Contains("$SYS/broker/uptime ", StringComparison.Ordinal)
               || !seen.ToString().Contains("$SYS/broker/version ", StringComparison.Ordinal))
            seen.AppendLine(await own.NextAsync());
        await MosquittoPub.SendAsync(broker, "own/end", "1", "-q", "1");
        while (await everything.NextAsync() is var message && !message.StartsWith("own/end ", StringComparison.Ordinal))
            Assert.False(message.StartsWith('$'), message);
    }

    public sealed class OverTcp(BrokerUnderTest broker) : MosquittoPublishTests(broker), IClassFixture<BrokerUnderTest>;

    public sealed class OverMutualTls(MutualTlsBroker broker) : MosquittoPublishTests(broker), IClassFixture<MutualTlsBroker>;
}
