namespace Millrace.SystemTests.Interop;

/// <summary>Sessions that outlive their connections, and shared subscriptions, with mosquitto's clients.</summary>
public abstract class MosquittoSessionTests(BrokerUnderTest broker)
{
    public static TheoryData<string, int> VersionsAndQos { get; } = new() { { "mqttv311", 1 }, { "mqttv311", 2 }, { "mqttv5", 1 }, { "mqttv5", 2 } };

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task Messages_for_a_client_that_is_away_wait_for_it_in_their_order(string version, int qos)
    {
        var session = Session(version, $"away-{version}-{qos}", $"away/{version}/{qos}", qos);
        await MosquittoSub.SubscribeOnlyAsync(broker, session);
        for (var i = 1; i <= 5; i++) await MosquittoPub.SendAsync(broker, session[^1], $"{i}", "-V", version, "-q", $"{qos}");
        await using var back = await MosquittoSub.StartAsync(broker, session);
        Assert.Equal(Enumerable.Range(1, 5).Select(i => $"{session[^1]} {qos} 0 {i}"), await back.NextAsync(5));
        await MosquittoPub.SendAsync(broker, session[^1], "6", "-V", version, "-q", $"{qos}");
        Assert.Equal($"{session[^1]} {qos} 0 6", await back.NextAsync());
    }

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task Messages_for_a_client_that_is_away_outlive_a_killed_broker(string version, int qos)
    {
        Assert.SkipWhen(BrokerUnderTest.IsMosquitto, "mosquitto writes sessions every half hour.");
        var session = Session(version, $"kill-{version}-{qos}", $"kill/{version}/{qos}", qos);
        await MosquittoSub.SubscribeOnlyAsync(broker, session);
        await MosquittoPub.SendAsync(broker, session[^1], "1", "-V", version, "-q", $"{qos}");
        await broker.KillAsync();
        await broker.StartAgainAsync();
        await MosquittoPub.SendAsync(broker, session[^1], "2", "-V", version, "-q", $"{qos}");
        await using var back = await MosquittoSub.StartAsync(broker, session);
        Assert.Equal([$"{session[^1]} {qos} 0 1", $"{session[^1]} {qos} 0 2"], await back.NextAsync(2));
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_clean_start_finds_nothing_of_the_session_before(string version)
    {
        var topic = $"clean/{version}";
        var session = Session(version, $"clean-{version}", topic, qos: 1);
        await MosquittoSub.SubscribeOnlyAsync(broker, session);
        await MosquittoPub.SendAsync(broker, topic, "lost", "-q", "1");
        await using (await MosquittoSub.StartAsync(broker, "-V", version, "-i", $"clean-{version}", "-t", $"{topic}/other"))
            await MosquittoPub.SendAsync(broker, topic, "lost too", "-q", "1");
        await using var back = await MosquittoSub.StartAsync(broker, session);
        await MosquittoPub.SendAsync(broker, topic, "end", "-q", "1");
        Assert.Equal($"{topic} 1 0 end", await back.NextAsync());
    }

    [Fact]
    public async Task A_session_ends_when_its_expiry_interval_has_passed()
    {
        string[] session = ["-V", "mqttv5", "-i", "expiring", "-c", "-x", "1", "-q", "1", "-t", "expiring"];
        await MosquittoSub.SubscribeOnlyAsync(broker, session);
        await MosquittoPub.SendAsync(broker, "expiring", "lost", "-q", "1");
        await Task.Delay(2500);
        await using var back = await MosquittoSub.StartAsync(broker, session);
        await MosquittoPub.SendAsync(broker, "expiring", "end", "-q", "1");
        Assert.Equal("expiring 1 0 end", await back.NextAsync());
    }

    [Fact]
    public async Task A_message_that_waited_too_long_is_not_delivered_and_another_says_what_is_left_of_its_time()
    {
        string[] session = ["-V", "mqttv5", "-i", "waiting", "-c", "-x", "600", "-q", "1", "-F", $"{MosquittoSub.Mark}%p %E", "-t", "waiting"];
        await MosquittoSub.SubscribeOnlyAsync(broker, session);
        await MosquittoPub.SendAsync(broker, "waiting", "stale", "-V", "mqttv5", "-q", "1", "-D", "publish", "message-expiry-interval", "1");
        await MosquittoPub.SendAsync(broker, "waiting", "fresh", "-V", "mqttv5", "-q", "1", "-D", "publish", "message-expiry-interval", "100");
        await Task.Delay(2200);
        await using var back = await MosquittoSub.StartAsync(broker, session);
        var message = await back.NextAsync();
        Assert.StartsWith("fresh ", message, StringComparison.Ordinal);
        Assert.InRange(int.Parse(message.Split(' ')[1]), 90, 98);
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Four_members_of_a_shared_subscription_divide_the_messages_among_them(string version)
    {
        var topic = $"shared/{version}";
        var members = new List<MosquittoSub>();
        string[] how = ["-V", version, "-q", "1", "-F", $"{MosquittoSub.Mark}%p"];
        for (var i = 0; i < 4; i++) members.Add(await MosquittoSub.StartAsync(broker, [.. how, "-t", $"$share/four/{topic}/#"]));
        await using var another = await MosquittoSub.StartAsync(broker, [.. how, "-t", $"$share/one/{topic}/#"]);
        await using var plain = await MosquittoSub.StartAsync(broker, [.. how, "-t", $"{topic}/#"]);
        var ran = await Commands.RunAsync("bash", ["-c", $"seq 400 | mosquitto_pub {string.Join(' ', broker.MosquittoOptions)} -t {topic}/x -q 1 -l"]);
        Assert.Equal(0, ran.Code);
        var all = Enumerable.Range(1, 400).Select(static i => $"{i}").ToArray();
        Assert.Equal(all, await plain.NextAsync(400));
        Assert.Equal(all, await another.NextAsync(400));

        // All are delivered by now, or on their way; whose they are is the broker's to say, but each member has a fair part.
        var parts = members.Select(static _ => new List<string>()).ToArray();
        await Eventually.Equal(400, () =>
        {
            for (var i = 0; i < 4; i++) parts[i].AddRange(members[i].Here());
            return Task.FromResult(parts.Sum(static part => part.Count));
        });
        Assert.Equal(all.Order(), parts.SelectMany(static part => part).Order());
        Assert.All(parts, static part => Assert.InRange(part.Count, 40, 200));
        Assert.All(parts, static part => Assert.Equal(part.OrderBy(int.Parse), part));
        foreach (var member in members) await member.DisposeAsync();
    }

    private static string[] Session(string version, string id, string topic, int qos) => version == "mqttv5"
        ? ["-V", version, "-i", id, "-c", "-x", "600", "-q", $"{qos}", "-t", topic]
        : ["-V", version, "-i", id, "-c", "-q", $"{qos}", "-t", topic];

    public sealed class OverTcp(BrokerUnderTest broker) : MosquittoSessionTests(broker), IClassFixture<BrokerUnderTest>;

    public sealed class OverMutualTls(MutualTlsBroker broker) : MosquittoSessionTests(broker), IClassFixture<MutualTlsBroker>;
}
