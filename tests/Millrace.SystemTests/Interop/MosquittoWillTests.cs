namespace Millrace.SystemTests.Interop;

/// <summary>Wills of clients that die, leave, or come back in time.</summary>
public abstract class MosquittoWillTests(BrokerUnderTest broker)
{
    [Theory]
    [InlineData("mqttv311", 0)]
    [InlineData("mqttv311", 1)]
    [InlineData("mqttv311", 2)]
    [InlineData("mqttv5", 0)]
    [InlineData("mqttv5", 1)]
    [InlineData("mqttv5", 2)]
    public async Task A_killed_clients_will_is_published(string version, int qos)
    {
        var topic = $"will/{version}/{qos}";
        await using var heir = await MosquittoSub.StartAsync(broker, "-t", topic, "-q", "2");
        await using var client = await MosquittoSub.StartAsync(
            broker, "-V", version, "-t", "unused", "--will-topic", topic, "--will-payload", "gone", "--will-qos", $"{qos}");
        await client.KillAsync();
        Assert.Equal($"{topic} {qos} 0 gone", await heir.NextAsync());
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_retained_will_is_there_for_who_comes_later(string version)
    {
        var topic = $"will-retained/{version}";
        await using var heir = await MosquittoSub.StartAsync(broker, "-t", topic, "-q", "1");
        await using var client = await MosquittoSub.StartAsync(
            broker, "-V", version, "-t", "unused", "--will-topic", topic, "--will-payload", "gone", "--will-qos", "1", "--will-retain");
        await client.KillAsync();
        Assert.Equal($"{topic} 1 0 gone", await heir.NextAsync());
        await using var later = await MosquittoSub.StartAsync(broker, "-t", topic, "-q", "1");
        Assert.Equal($"{topic} 1 1 gone", await later.NextAsync());
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_client_that_says_goodbye_leaves_no_will(string version)
    {
        var topic = $"will-clean/{version}";
        await using var heir = await MosquittoSub.StartAsync(broker, "-t", $"{topic}/#", "-q", "1");
        await using var client = await MosquittoSub.StartAsync(
            broker, "-V", version, "-t", $"{topic}/leave", "-C", "1", "--will-topic", $"{topic}/will", "--will-payload", "gone");
        await MosquittoPub.SendAsync(broker, $"{topic}/leave", "now");
        await client.EndAsync();
        await MosquittoPub.SendAsync(broker, $"{topic}/end", "1", "-q", "1");
        Assert.Equal([$"{topic}/leave 0 0 now", $"{topic}/end 1 0 1"], await heir.NextAsync(2));
    }

    [Fact]
    public async Task A_client_of_mqtt_5_can_say_goodbye_and_have_its_will_published()
    {
        await using var heir = await MosquittoSub.StartAsync(broker, "-t", "will-asked", "-q", "1");
        await using var client = await MosquittoSub.StartAsync(
            broker, "-V", "mqttv5", "-t", "unused", "--will-topic", "will-asked", "--will-payload", "bye", "--will-qos", "1");
        await client.InterruptAsync();
        Assert.Equal("will-asked 1 0 bye", await heir.NextAsync());
    }

    [Fact]
    public async Task A_will_has_its_properties()
    {
        await using var heir = await MosquittoSub.StartAsync(
            broker, "-V", "mqttv5", "-t", "will-properties", "-q", "1", "-F", $"{MosquittoSub.Mark}%C|%R|%D|%F|%P|%p");
        await using var client = await MosquittoSub.StartAsync(
            broker, "-V", "mqttv5", "-t", "unused", "--will-topic", "will-properties", "--will-payload", "gone",
            "-D", "will", "content-type", "text/plain", "-D", "will", "response-topic", "r", "-D", "will", "correlation-data", "c",
            "-D", "will", "payload-format-indicator", "1", "-D", "will", "user-property", "a", "b", "-D", "will", "user-property", "a", "c");
        await client.KillAsync();
        Assert.Equal("text/plain|r|c|1|a:b a:c|gone", await heir.NextAsync());
    }

    [Fact]
    public async Task A_delayed_will_waits_and_is_published()
    {
        await using var heir = await MosquittoSub.StartAsync(broker, "-t", "will-delayed/#", "-q", "1");
        await using var client = await DelayedAsync("delayed", seconds: 2);
        await client.KillAsync();
        await Task.Delay(1000);
        await MosquittoPub.SendAsync(broker, "will-delayed/meanwhile", "1", "-q", "1");
        Assert.Equal(["will-delayed/meanwhile 1 0 1", "will-delayed/delayed 1 0 gone"], await heir.NextAsync(2));
    }

    [Fact]
    public async Task A_delayed_will_is_dropped_when_the_client_is_back_in_time()
    {
        await using var heir = await MosquittoSub.StartAsync(broker, "-t", "will-delayed/back", "-t", "will-delayed/end", "-q", "1");
        await using var client = await DelayedAsync("back", seconds: 2);
        await client.KillAsync();
        await using var back = await MosquittoSub.StartAsync(broker, "-V", "mqttv5", "-i", "will-back", "-c", "-x", "60", "-t", "unused");
        await Task.Delay(3000);
        await MosquittoPub.SendAsync(broker, "will-delayed/end", "1", "-q", "1");
        Assert.Equal("will-delayed/end 1 0 1", await heir.NextAsync());
    }

    [Fact]
    public async Task A_delayed_will_does_not_wait_longer_than_the_session_lives()
    {
        await using var heir = await MosquittoSub.StartAsync(broker, "-t", "will-delayed/short", "-q", "1");
        await using var client = await DelayedAsync("short", seconds: 600, sessionSeconds: 1);
        await client.KillAsync();
        Assert.Equal("will-delayed/short 1 0 gone", await heir.NextAsync());
    }

    private Task<MosquittoSub> DelayedAsync(string name, int seconds, int sessionSeconds = 60) => MosquittoSub.StartAsync(
        broker, "-V", "mqttv5", "-i", $"will-{name}", "-c", "-x", $"{sessionSeconds}", "-t", "unused", "--will-topic", $"will-delayed/{name}",
        "--will-payload", "gone", "--will-qos", "1", "-D", "will", "will-delay-interval", $"{seconds}");

    public sealed class OverTcp(BrokerUnderTest broker) : MosquittoWillTests(broker), IClassFixture<BrokerUnderTest>;

    public sealed class OverMutualTls(MutualTlsBroker broker) : MosquittoWillTests(broker), IClassFixture<MutualTlsBroker>;
}
