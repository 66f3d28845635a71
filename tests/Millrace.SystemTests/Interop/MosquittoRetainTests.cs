namespace Millrace.SystemTests.Interop;

/// <summary>Retained messages as mosquitto_sub sees them.</summary>
public abstract class MosquittoRetainTests(BrokerUnderTest broker)
{
    public static TheoryData<string, int> VersionsAndQos { get; } =
        new() { { "mqttv311", 0 }, { "mqttv311", 1 }, { "mqttv311", 2 }, { "mqttv5", 0 }, { "mqttv5", 1 }, { "mqttv5", 2 } };

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task A_retained_message_is_set_replaced_and_deleted(string version, int qos)
    {
        var topic = $"retain/{version}/{qos}";
        string[] how = ["-V", version, "-q", $"{qos}"];
        await SetAsync(topic, "first", how);
        Assert.Equal([$"{topic} {qos} 1 first"], await RetainedAsync(topic, how));
        await SetAsync(topic, "second", how);
        Assert.Equal([$"{topic} {qos} 1 second"], await RetainedAsync(topic, how));
        await MosquittoPub.SendAsync(broker, topic, "not retained", [.. how]);
        Assert.Equal([$"{topic} {qos} 1 second"], await RetainedAsync(topic, how));
        await SetAsync(topic, "", how);
        Assert.Empty(await RetainedAsync(topic, how));
    }

    [Fact]
    public async Task Wildcards_find_every_retained_message_below_them()
    {
        string[] topics = ["tree", "tree/a", "tree/b", "tree/a/x", "tree/b/x", "trees/a"];
        foreach (var topic in topics) await SetAsync(topic, topic, "-q", "1");
        Assert.Equal(["tree", "tree/a", "tree/a/x", "tree/b", "tree/b/x"], await TopicsAsync("tree/#"));
        Assert.Equal(["tree/a", "tree/b"], await TopicsAsync("tree/+"));
        Assert.Equal(["tree/a/x", "tree/b/x"], await TopicsAsync("tree/+/x"));
        Assert.Equal(["tree/a", "trees/a"], await TopicsAsync("+/a"));
    }

    [Fact]
    public async Task A_retained_message_comes_with_its_properties()
    {
        await SetAsync(
            "retain-properties", "1", "-V", "mqttv5", "-q", "1", "-D", "publish", "content-type", "text/plain", "-D", "publish", "user-property", "a", "b",
            "-D", "publish", "response-topic", "r");
        await using var sub = await MosquittoSub.StartAsync(
            broker, "-V", "mqttv5", "-t", "retain-properties", "-F", $"{MosquittoSub.Mark}%r|%C|%P|%R|%p");
        Assert.Equal("1|text/plain|a:b|r|1", await sub.NextAsync());
    }

    [Fact]
    public async Task A_subscriber_that_is_there_sees_no_retain_bit_unless_it_asked_for_it()
    {
        await using var old = await MosquittoSub.StartAsync(broker, "-V", "mqttv311", "-t", "retain-live", "-q", "1");
        await using var plain = await MosquittoSub.StartAsync(broker, "-V", "mqttv5", "-t", "retain-live", "-q", "1");
        await using var asPublished = await MosquittoSub.StartAsync(broker, "-V", "mqttv5", "-t", "retain-live", "-q", "1", "--retain-as-published");
        await SetAsync("retain-live", "1", "-q", "1");
        Assert.Equal("retain-live 1 0 1", await old.NextAsync());
        Assert.Equal("retain-live 1 0 1", await plain.NextAsync());
        Assert.Equal("retain-live 1 1 1", await asPublished.NextAsync());
    }

    [Fact]
    public async Task Deleting_is_a_message_too_for_who_is_there()
    {
        await SetAsync("retain-gone", "1", "-q", "1");
        await using var sub = await MosquittoSub.StartAsync(broker, "-t", "retain-gone", "-q", "1");
        Assert.Equal("retain-gone 1 1 1", await sub.NextAsync());
        await SetAsync("retain-gone", "", "-q", "1");
        Assert.Equal("retain-gone 1 0 ", await sub.NextAsync());
    }

    [Fact]
    public async Task A_retained_message_expires()
    {
        await SetAsync("retain-expiry/short", "1", "-V", "mqttv5", "-q", "1", "-D", "publish", "message-expiry-interval", "1");
        await SetAsync("retain-expiry/long", "1", "-V", "mqttv5", "-q", "1", "-D", "publish", "message-expiry-interval", "100");
        await Task.Delay(2200);
        await using var sub = await MosquittoSub.StartAsync(broker, "-V", "mqttv5", "-t", "retain-expiry/#", "-F", $"{MosquittoSub.Mark}%t %E");
        var message = await sub.NextAsync();
        Assert.StartsWith("retain-expiry/long ", message, StringComparison.Ordinal);
        Assert.InRange(int.Parse(message.Split(' ')[1]), 90, 98);
        await MosquittoPub.SendAsync(broker, "retain-expiry/end", "1");
        Assert.StartsWith("retain-expiry/end ", await sub.NextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Retained_messages_are_there_after_a_kill(string version)
    {
        var topic = $"retain-kill/{version}";
        string[] how = ["-V", version, "-q", "1"];
        await SetAsync($"{topic}/kept", "1", how);
        await SetAsync($"{topic}/deleted", "1", how);
        await SetAsync($"{topic}/deleted", "", how);
        Assert.SkipWhen(BrokerUnderTest.IsMosquitto, "mosquitto writes them every half hour.");
        await broker.KillAsync();
        await broker.StartAgainAsync();
        Assert.Equal([$"{topic}/kept 1 1 1"], await RetainedAsync($"{topic}/#", how));
    }

    private Task SetAsync(string topic, string payload, params string[] more) => MosquittoPub.SendAsync(broker, topic, payload, ["-r", .. more]);

    /// <summary>What a new subscription brings, in the order of its topics; a message of its own tells where it ends.</summary>
    private async Task<string[]> RetainedAsync(string filter, string[] how)
    {
        const string End = "retain-end";
        await using var sub = await MosquittoSub.StartAsync(broker, ["-t", filter, "-t", End, .. how]);
        // With the QoS of the subscription: mosquitto_sub prints a message of QoS 2 when its handshake is over.
        await MosquittoPub.SendAsync(broker, End, "1", "-q", "2");
        var seen = new List<string>();
        while (await sub.NextAsync() is var message && !message.StartsWith(End, StringComparison.Ordinal)) seen.Add(message);
        return [.. seen.Order(StringComparer.Ordinal)];
    }

    private async Task<string[]> TopicsAsync(string filter) => [.. (await RetainedAsync(filter, ["-q", "1"])).Select(static message => message.Split(' ')[0])];

    public sealed class OverTcp(BrokerUnderTest broker) : MosquittoRetainTests(broker), IClassFixture<BrokerUnderTest>;

    public sealed class OverMutualTls(MutualTlsBroker broker) : MosquittoRetainTests(broker), IClassFixture<MutualTlsBroker>;
}
