using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Millrace.Mqtt.Client;

namespace Millrace.SystemTests;

/// <summary>What comes from outside and is wrong: refused clearly, and nothing else suffers.</summary>
public sealed class BadInputTests(BadInputTests.Bare bare) : IClassFixture<BadInputTests.Bare>
{
    private MillraceProcess Server => bare.Server;

    [Theory]
    [InlineData("10 05 00 04 4D 51")] // cut off in CONNECT
    [InlineData("FF FF FF FF FF FF")] // no such packet, and a length without end
    [InlineData("10 0C 00 04 4D 51 54 54 09 02 00 3C 00 00")] // protocol 9
    [InlineData("30 03 00 01 61")] // PUBLISH before CONNECT
    [InlineData("47 45 54 20 2F 20 48 54 54 50 2F 31 2E 31 0D 0A 0D 0A")] // HTTP
    public async Task A_connection_that_does_not_speak_mqtt_ends_and_others_go_on(string bytes)
    {
        await using var other = await MqttClient.ConnectAsync("127.0.0.1", Server.MqttPort, new MqttClientOptions());
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Server.MqttPort);
        var stream = socket.GetStream();
        await stream.WriteAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        socket.Client.Shutdown(SocketShutdown.Send);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var buffer = new byte[256];
        while (await stream.ReadAsync(buffer, patience.Token) > 0)
        {
        }

        await other.PublishAsync("still/here", "1"u8.ToArray(), qos: 1);
    }

    [Theory]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("COPY (SELECT 1) TO '/tmp/millrace-copied'")]
    [InlineData("SET memory_limit = '1TB'")]
    [InlineData("ATTACH '/tmp/millrace-attached'")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("DROP TABLE x")]
    [InlineData("SELECT nonsense FROM nowhere")]
    [InlineData("SELEC 1")]
    [InlineData("")]
    public async Task A_query_that_is_not_a_select_over_tables_is_refused(string sql)
    {
        using var answer = await Server.Http.PostAsync(
            "api/v1/query", new StringContent(JsonSerializer.Serialize(new { sql }), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.NotEmpty(body.RootElement.GetProperty("error").GetProperty("message").GetString()!);
    }

    [Theory]
    [InlineData("topics/a%2B?qos=1", "x", HttpStatusCode.BadRequest)] // a wildcard
    [InlineData("topics/a?qos=2", "x", HttpStatusCode.BadRequest)]
    [InlineData("topics/a?qos=one", "x", HttpStatusCode.BadRequest)]
    [InlineData("api/v1/query", "{", HttpStatusCode.BadRequest)]
    [InlineData("api/v1/pipeline", "flows: [", HttpStatusCode.BadRequest)]
    public async Task A_request_that_is_wrong_is_refused(string path, string body, HttpStatusCode expected)
    {
        using var answer = await Server.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_payload_beyond_the_limit_is_refused()
    {
        using var answer = await Server.Http.PostAsync("topics/a?qos=1", new ByteArrayContent(new byte[900 * 1024]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "http://evil.example")]
    public async Task A_web_page_of_another_place_is_kept_out(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/ledger");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await Server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_second_process_does_not_get_the_data_directory()
    {
        var second = await Server.CliAsync("serve", "--data", Server.Data, "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0");
        Assert.NotEqual(0, second.Code);
        Assert.Contains("in use by process", second.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--mqtt", "0.0.0.0:1883")]
    [InlineData("--http", "192.0.2.1:80")]
    public async Task An_address_that_others_can_reach_is_refused(string option, string address)
    {
        var ran = await Server.CliAsync("serve", "--data", Server.Data, option, address);
        Assert.Equal(2, ran.Code);
        Assert.Contains("can be reached from other machines", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_pipeline_lists_every_mistake_with_its_line()
    {
        var file = Path.Combine(Server.Data, "broken.yaml");
        await File.WriteAllTextAsync(file, """
            flows:
              a:
                sql: SELECT FROM 'x'
                to: { serie: {} }
              b:
                to: { lake: { strem: x } }
            """);
        foreach (var verb in new[] { "check", "apply" })
        {
            var ran = await Server.CliAsync(verb, "-f", file);
            Assert.Equal(2, ran.Code);
            foreach (var line in new[] { ":3:", ":4:", ":6:" }) Assert.Contains($"{file}{line}", ran.Error + ran.Output, StringComparison.Ordinal);
        }
    }

    public sealed class Bare : IAsyncLifetime
    {
        public MillraceProcess Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await MillraceProcess.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
