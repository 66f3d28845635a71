namespace Millrace.SystemTests.Connectors;

/// <summary>Flows to a Redis that is killed, stalls and comes back, of a server that is killed meanwhile.</summary>
public sealed class RedisSinkTests : IAsyncLifetime
{
    private readonly string _secret = Path.Combine(Scratch.Directory(), "redis-password");
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_secret, RedisServer.Password + "\n");
        _redis = await RedisServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        Scratch.Delete(Path.GetDirectoryName(_secret)!);
    }

    [Fact]
    public async Task Every_message_counts_exactly_once_over_kill_9_of_either_side()
    {
        await using var server = await MillraceProcess.StartAsync(Pipeline());
        var numbers = new Numbers(server.MqttPort);
        for (var round = 0; round < 3; round++)
        {
            await numbers.PublishAsync(200);
            await server.KillAsync();
            await server.StartAgainAsync();
            await numbers.PublishAsync(100);
            await _redis.KillAsync();
            await numbers.PublishAsync(50);
            await _redis.ComeBackAsync();
        }

        await AssertAllCountedAsync(server, numbers);
    }

    [Fact]
    public async Task A_redis_that_stalls_is_waited_for_and_the_flow_says_so()
    {
        await using var server = await MillraceProcess.StartAsync(Pipeline());
        var numbers = new Numbers(server.MqttPort);
        await numbers.PublishAsync(50);
        await _redis.StallAsync();
        await numbers.PublishAsync(50);
        await Eventually.AsyncTrue(
            async () => (await server.FlowAsync("to-redis")).ToString().Contains("did not answer within 0.5 s", StringComparison.Ordinal), TimeSpan.FromSeconds(20), () => server.Output);
        await _redis.GoOnAsync();
        await AssertAllCountedAsync(server, numbers);
        Assert.DoesNotContain(RedisServer.Password, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_another_type_is_the_fault_of_its_record_alone()
    {
        await _redis.AskAsync("RPUSH", "count", "a list");
        await using var server = await MillraceProcess.StartAsync(Pipeline());
        var numbers = new Numbers(server.MqttPort);
        await numbers.PublishAsync(3);
        await Eventually.Equal(3, async () => (await server.GetAsync("api/v1/dead-letters")).GetProperty("deadLetters").GetArrayLength());
        Assert.Contains("WRONGTYPE", (await server.GetAsync("api/v1/dead-letters")).ToString(), StringComparison.Ordinal);
        await _redis.AskAsync("DEL", "count");
        await numbers.PublishAsync(2);
        await Eventually.Equal("2", () => _redis.AskAsync("GET", "count"));
    }

    [Fact]
    public async Task A_flow_that_is_removed_and_added_again_begins_anew()
    {
        await using var server = await MillraceProcess.StartAsync(Pipeline());
        var numbers = new Numbers(server.MqttPort);
        await numbers.PublishAsync(10);
        await Eventually.Equal("10", () => _redis.AskAsync("GET", "count"));
        using var none = await server.Http.PostAsync("api/v1/pipeline", new StringContent("flows: {}"));
        Assert.True(none.IsSuccessStatusCode, await none.Content.ReadAsStringAsync());
        using var again = await server.Http.PostAsync("api/v1/pipeline", new StringContent(Pipeline()));
        Assert.True(again.IsSuccessStatusCode, await again.Content.ReadAsStringAsync());
        await Eventually.Equal("20", () => _redis.AskAsync("GET", "count"));
    }

    private async Task AssertAllCountedAsync(MillraceProcess server, Numbers numbers)
    {
        await Eventually.AsyncTrue(
            async () => long.TryParse(await _redis.AskAsync("GET", "count"), out var count) && count >= numbers.Next, TimeSpan.FromSeconds(20), () => server.Output);
        Assert.Equal($"{numbers.Next}", await _redis.AskAsync("GET", "count"));
        Assert.Equal(string.Join('\n', numbers.All.Reverse()), await _redis.AskAsync("LRANGE", "all", "0", "-1"));
        Assert.Equal($$"""{"n":{{numbers.Next - 1}}}""", await _redis.AskAsync("GET", "latest"));
    }

    private string Pipeline() => $$"""
        flows:
          to-redis:
            sql: SELECT * FROM 'count/up'
            retry: { first: 20ms, longest: 200ms }
            to:
              redis:
                address: 127.0.0.1:{{_redis.Port}}
                password: file:{{_secret}}
                timeout: 500ms
                commands:
                  - incr: { key: count }
                  - set: { key: latest, expire: 1h }
                  - lpush: { key: all }
                  - publish: { channel: numbers }
        """;
}
