using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Millrace.Mqtt.Client;

namespace Millrace.SystemTests;

/// <summary>What is sent to do harm: refused or outlived, and the server is ready throughout.</summary>
public sealed class HostileTests(HostileTests.Strict strict) : IClassFixture<HostileTests.Strict>
{
    private MillraceProcess Server => strict.Server;

    [Theory]
    [InlineData("SELECT sum(a.range * b.range) FROM range(1000000000) a, range(1000000000) b")]
    [InlineData("WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t")]
    [InlineData("SELECT length(repeat('x', 1000000000) || repeat('y', 1000000000))")]
    [InlineData("SELECT * FROM range(1000000000) ORDER BY hash(range)")]
    public async Task A_query_without_end_is_stopped(string sql)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var answer = await Server.Http.PostAsJsonAsync("api/v1/query", new { sql }, patience.Token);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.ServiceUnavailable or HttpStatusCode.OK, $"{answer.StatusCode}");
        await AssertHealthyAsync();
    }

    [Fact]
    public async Task A_query_text_or_a_pipeline_that_is_huge_or_a_bomb_is_refused()
    {
        using var sql = await Server.Http.PostAsJsonAsync("api/v1/query", new { sql = "SELECT " + string.Join('+', Enumerable.Repeat("1", 490_000)) });
        Assert.InRange((int)sql.StatusCode, 400, 499);
        using var large = await Server.Http.PostAsync("api/v1/pipeline", new StringContent("# " + new string('x', 2_000_000)));
        Assert.InRange((int)large.StatusCode, 400, 499);
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 30; i++) bomb.Append(CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        using var aliases = await Server.Http.PostAsync("api/v1/pipeline", new StringContent(bomb.ToString()));
        Assert.Equal(HttpStatusCode.BadRequest, aliases.StatusCode);
        using var nested = await Server.Http.PostAsync("api/v1/pipeline", new StringContent("a: " + new string('[', 100_000)));
        Assert.Equal(HttpStatusCode.BadRequest, nested.StatusCode);
        await AssertHealthyAsync();
    }

    [Theory]
    [InlineData("api/v1/pipeline", 2_000_000)]
    [InlineData("api/v1/query", 30_000_000)]
    public async Task A_body_that_is_too_large_is_answered_to_who_reads_only_after_sending_all_of_it(string path, int bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Server.HttpPort);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {bytes}\r\n\r\n"));
        for (var sent = 0; sent < bytes; sent += 100_000) await stream.WriteAsync(new byte[100_000]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(patience.Token), StringComparison.Ordinal);
        Assert.Contains("the body is larger than this server takes", await reader.ReadToEndAsync(patience.Token), StringComparison.Ordinal);
        await AssertHealthyAsync();
    }

    [Fact]
    public async Task Payloads_that_no_flow_can_read_are_dead_letters_and_the_next_message_is_a_row()
    {
        await using var client = await MqttClient.ConnectAsync("127.0.0.1", Server.MqttPort, new MqttClientOptions());
        byte[][] payloads =
        [
            Encoding.UTF8.GetBytes(new string('[', 10_000) + new string(']', 10_000)),
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 10_000))),
            [.. "{\"name\":\""u8, 0xFF, 0xFE, 0xC0, 0x80, .. "\"}"u8],
            [0, 0, 0, 0],
            [],
            new byte[200 * 1024],
            Encoding.UTF8.GetBytes("""{"name":"speed","value":1e999999,"vin":"V","trip_id":"t","timestamp":"2020-01-01 00:00:00"}"""),
            Encoding.UTF8.GetBytes($$"""{"name":"speed","value":1,"vin":"{{new string('v', 100_000)}}","trip_id":"t","timestamp":"never"}"""),
        ];
        foreach (var payload in payloads) await client.PublishAsync("dt/cars/HOSTILE/telemetry", payload);
        await client.PublishAsync(
            "dt/cars/HOSTILE/telemetry",
            Encoding.UTF8.GetBytes("""{"name":"speed","value":1,"vin":"HOSTILE","trip_id":"t","timestamp":"2020-01-01 00:00:00"}"""));
        await Eventually.Equal(1, () => Server.CountAsync("SELECT count(*) FROM fleet.telemetry WHERE vin = 'HOSTILE'"));
        await Eventually.Equal(
            payloads.Length,
            async () => (await Server.FlowAsync("telemetry")).GetProperty("messages").GetProperty("deadLettered").GetInt32());
        await client.PublishAsync(new string('t', 65_000), "1"u8.ToArray());
        await AssertHealthyAsync();
    }

    [Fact]
    public async Task Connections_that_send_one_byte_keep_nobody_out()
    {
        var sockets = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 200; i++)
            {
                var socket = new TcpClient();
                sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, Server.MqttPort);
                await socket.GetStream().WriteAsync(new byte[] { 0x10 });
            }

            await using var client = await MqttClient.ConnectAsync("127.0.0.1", Server.MqttPort, new MqttClientOptions());
            await client.PublishAsync("still/here", "1"u8.ToArray());
            await AssertHealthyAsync();
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    [Fact]
    public async Task A_subscriber_that_never_reads_costs_a_bounded_memory()
    {
        using var sleeper = new TcpClient { ReceiveBufferSize = 4096 };
        await sleeper.ConnectAsync(IPAddress.Loopback, Server.MqttPort);
        // CONNECT of 3.1.1 with the client id "s", and SUBSCRIBE to flood/#.
        await sleeper.GetStream().WriteAsync(Convert.FromHexString("100D00044D51545404020000000173820C00010007666C6F6F642F2300"));
        await using var client = await MqttClient.ConnectAsync("127.0.0.1", Server.MqttPort, new MqttClientOptions());
        await client.PublishAsync("flood/first", new byte[1000]);
        var before = Resident();
        var payload = new byte[4000];
        for (var i = 0; i < 50_000; i++) await client.SendAsync("flood/x"u8.ToArray(), payload, qos: 0);
        await client.PublishAsync("flood/last", payload);
        // 200 MB have passed; what may wait for one client is 1 MB, and the log's buffers are some 32 MB.
        Assert.True(Resident() - before < 150_000, $"{before} kB before, {Resident()} kB after");
        await AssertHealthyAsync();
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"type\":\"watch\"}")]
    [InlineData("{\"type\":\"watch\",\"id\":\"1\",\"table\":\"x'; DROP TABLE y; --\",\"dimensions\":{\"a\\\"b\":\"c'd\"},\"measure\":\"m\"}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public async Task Garbage_on_the_live_socket_hurts_nobody(string text)
    {
        using var socket = new ClientWebSocket();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{Server.HttpPort}/api/v1/live"), patience.Token);
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, patience.Token);
        await socket.SendAsync(new byte[] { 0xFF, 0x00 }, WebSocketMessageType.Binary, true, patience.Token);
        await AssertHealthyAsync();
    }

    private long Resident() => long.Parse(
        File.ReadLines($"/proc/{Server.ProcessId}/status").Single(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private async Task AssertHealthyAsync()
    {
        using var answer = await Server.Http.GetAsync("health/ready");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync() + Server.Output);
    }

    public sealed class Strict : IAsyncLifetime
    {
        public MillraceProcess Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await MillraceProcess.StartAsync(CarsPipeline.Text, null, "--query-time-limit", "1s");

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
