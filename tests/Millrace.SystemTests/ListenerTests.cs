using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Millrace.SystemTests;

/// <summary>Listeners against clients that others wrote, and against those who mean no good.</summary>
public sealed class ListenerTests(ListenerServer all) : IClassFixture<ListenerServer>
{
    // CONNECT of 3.1.1 with the client id "a", and PINGREQ.
    private static readonly byte[] Connect = Convert.FromHexString("100D00044D51545404020000000161");
    private static readonly byte[] Ping = Convert.FromHexString("C000");

    [Theory]
    [InlineData("tlsv1.2")]
    [InlineData("tlsv1.3")]
    public async Task Mosquitto_publishes_and_subscribes_with_a_client_certificate(string version)
    {
        var authority = all.Certificates.AuthorityFile;
        var subscriber = Commands.RunAsync("mosquitto_sub", [
            "-h", "localhost", "-p", $"{all.PortOf("mutual")}", "--cafile", authority, "--tls-version", version,
            .. all.ClientCertificate, "-q", "1", "-t", $"mutual/{version}", "-C", "1", "-W", "30",
        ]);
        await Eventually.AsyncTrue(
            async () =>
            {
                var ran = await all.PublishAsync("mutual", authority, ["--tls-version", version, .. all.ClientCertificate, "-t", $"mutual/{version}"]);
                Assert.True(ran.Code == 0, ran.Error + all.Server.Output);
                return subscriber.IsCompleted;
            },
            TimeSpan.FromSeconds(30),
            () => all.Server.Output);
        Assert.Equal("x", (await subscriber).Output.Trim());
    }

    [Fact]
    public async Task Without_a_certificate_there_is_no_connection_where_one_is_required()
    {
        var ran = await all.PublishAsync("mutual", all.Certificates.AuthorityFile);
        Assert.NotEqual(0, ran.Code);
        await Eventually.AsyncTrue(
            () => Task.FromResult(all.Server.Output.Contains("the client showed no certificate", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(10), () => all.Server.Output);
    }

    [Fact]
    public async Task A_certificate_that_nobody_registered_gets_no_further_than_CONNECT()
    {
        var ran = await all.PublishAsync("registered", all.Certificates.AuthorityFile, all.ClientCertificate);

        // Bad user name or password, or not authorized.
        Assert.True(ran.Code is 4 or 5, $"{ran.Code} {ran.Error}");
    }

    [Fact]
    public async Task A_listener_without_files_shows_a_certificate_of_the_server_s_own_authority()
    {
        Assert.Equal(0, (await all.PublishAsync("tls", all.OwnAuthority)).Code);
        Assert.NotEqual(0, (await all.PublishAsync("tls", all.Certificates.AuthorityFile)).Code);
    }

    [Theory]
    [InlineData("x-amzn-mqtt-ca", true)]
    [InlineData("mqtt", true)]
    [InlineData("nonsense", false)]
    public async Task AWS_s_name_in_ALPN_is_known(string name, bool works) =>
        Assert.Equal(works, (await all.PublishAsync("tls", all.OwnAuthority, "--tls-alpn", name)).Code == 0);

    [Fact]
    public async Task A_new_certificate_is_shown_to_new_connections_and_the_old_ones_stay()
    {
        using var own = new TestCertificates(Scratch.Directory());
        own.Write("server", "before");
        var config = own.PathOf("config.yaml");
        await File.WriteAllTextAsync(config, "listeners: [ { type: mqtts, address: '127.0.0.1:0', auth: [anonymous] } ]");
        await using var server = await MillraceProcess.StartAsync(
            null, null, "--config", config, "--tls-certificate", own.PathOf("server.pem"), "--tls-key", own.PathOf("server.key"));
        await Eventually.AsyncTrue(
            () => Task.FromResult(server.Output.Contains("mqtts://", StringComparison.Ordinal)), TimeSpan.FromSeconds(10), () => server.Output);
        var port = int.Parse(server.Output.Split("mqtts://127.0.0.1:")[1].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);

        await using var old = await ListenerServer.DialTlsAsync(port);
        Assert.Equal("CN=before", old.RemoteCertificate!.Subject);
        await old.WriteAsync(Connect);
        await old.ReadExactlyAsync(new byte[4]);

        own.Write("server", "after");
        await Eventually.Equal("CN=after", async () =>
        {
            await using var fresh = await ListenerServer.DialTlsAsync(port);
            return fresh.RemoteCertificate!.Subject;
        });

        await File.WriteAllTextAsync(own.PathOf("server.pem"), "nonsense");
        await Eventually.AsyncTrue(
            () => Task.FromResult(server.Output.Contains("certificate from before", StringComparison.Ordinal)), TimeSpan.FromSeconds(20), () => server.Output);
        await using var still = await ListenerServer.DialTlsAsync(port);
        Assert.Equal("CN=after", still.RemoteCertificate!.Subject);

        await old.WriteAsync(Ping);
        await old.ReadExactlyAsync(new byte[2]);
        Scratch.Delete(Path.GetDirectoryName(config)!);
    }

    [Theory]
    [InlineData("ws", "/mqtt", 5)]
    [InlineData("ws", "/", 4)]
    [InlineData("wss", "/mqtt", 4)]
    [InlineData("wss", "/mqtt", 5)]
    public async Task The_client_that_web_pages_use_comes_in_by_WebSocket(string listener, string path, int version)
    {
        var ran = await Commands.RunAsync(
            "node",
            [
                Scratch.Repository("tests/Millrace.SystemTests/npm/ws.mjs"),
                $"{listener}://localhost:{all.PortOf(listener)}{path}", $"ws/{listener}/{version}", "hello",
            ],
            new() { ["MILLRACE_CA"] = all.OwnAuthority, ["MQTT_VERSION"] = $"{version}" });
        Assert.True(ran is { Code: 0, Output: "hello\n" }, ran.Output + ran.Error + all.Server.Output);
    }

    [Fact]
    public async Task A_page_of_another_origin_gets_no_anonymous_WebSocket()
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.SetRequestHeader("Origin", "https://other.example.com");
        var refused = await Assert.ThrowsAsync<WebSocketException>(
            () => socket.ConnectAsync(new Uri($"ws://localhost:{all.PortOf("ws")}/mqtt"), CancellationToken.None));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https")]
    [InlineData("tls")]
    public async Task A_message_is_published_over_HTTPS_as_AWS_has_it(string listener)
    {
        var subscriber = Commands.RunAsync("mosquitto_sub", [
            "-h", "localhost", "-p", $"{all.Server.MqttPort}", "-q", "1", "-t", $"over/{listener}", "-C", "1", "-W", "30",
        ]);
        using var client = Trusting();
        await Eventually.AsyncTrue(
            async () =>
            {
                var url = $"https://localhost:{all.PortOf(listener)}/topics/over%2F{listener}?qos=1";
                using var answer = await client.PostAsync(url, new StringContent("hello"));
                var body = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.IsSuccessStatusCode, body);
                Assert.Contains("\"traceId\"", body, StringComparison.Ordinal);
                return subscriber.IsCompleted;
            },
            TimeSpan.FromSeconds(30),
            () => all.Server.Output);
        Assert.Equal("hello", (await subscriber).Output.Trim());
    }

    [Fact]
    public async Task Over_HTTPS_too_a_registered_certificate_opens_the_door_and_its_policy_says_how_far()
    {
        var folder = Scratch.Directory();
        var policy = Path.Combine(folder, "policy.json");
        await File.WriteAllTextAsync(policy, """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:us-east-1:123456789012:topic/allowed/*"}]}
            """);
        Assert.Equal(0, (await all.Server.CliAsync("policy", "put", "narrow", policy)).Code);
        var made = await all.Server.CliAsync("certs", "create", "--thing", "narrow-1", "--policy", "narrow", "--out", folder);
        Assert.True(made.Code == 0, made.Error);

        using var known = Trusting(X509Certificate2.CreateFromPemFile(Path.Combine(folder, "narrow-1.pem"), Path.Combine(folder, "narrow-1.key")));
        using var stranger = Trusting(X509Certificate2.CreateFromPemFile(all.Certificates.PathOf("client.pem"), all.Certificates.PathOf("client.key")));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(known, "allowed/a", "1"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(known, "other/a", "1"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(known, "allowed/%23", "1"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(known, "allowed/a", new string('x', 300_000)));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(stranger, "allowed/a", "1"));
        Assert.DoesNotContain("fail:", all.Server.Output, StringComparison.Ordinal);
        Scratch.Delete(folder);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/ledger")]
    [InlineData("/api/v1/live")]
    [InlineData("/metrics")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/topics/../api/v1/ledger")]
    [InlineData("/mqtt/../api/v1/ledger")]
    [InlineData("//api/v1/ledger")]
    public async Task The_console_and_the_API_are_not_at_listeners_of_devices(string path)
    {
        foreach (var (scheme, listener) in new[] { ("http", "ws"), ("https", "wss"), ("https", "https"), ("https", "tls") })
        {
            if (listener is "ws" or "wss" && path == "/") continue;
            using var client = Trusting();
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Head })
            {
                using var request = new HttpRequestMessage(method, $"{scheme}://localhost:{all.PortOf(listener)}{path}") { Version = HttpVersion.Version20 };
                using var answer = await client.SendAsync(request);
                Assert.True((int)answer.StatusCode is 404 or 405, $"{listener} {method} {path}: {answer.StatusCode}");
            }
        }

        // The request line as it is, which no HTTP library sends.
        using var raw = await all.DialAsync("ws");
        var target = $"http://localhost:{all.Server.HttpPort}{(path == "/" ? "/metrics" : path)}";
        await raw.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        var head = new byte[12];
        await raw.GetStream().ReadExactlyAsync(head);
        Assert.StartsWith("HTTP/1.1 4", Encoding.ASCII.GetString(head), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshakes_that_stall_keep_nobody_out_and_end()
    {
        var sockets = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 1200; i++)
            {
                var socket = await all.DialAsync("mutual");
                sockets.Add(socket);
                await socket.GetStream().WriteAsync(new byte[] { 0x16, 0x03, 0x01 });
            }

            var ran = await all.PublishAsync("mutual", all.Certificates.AuthorityFile, all.ClientCertificate);
            Assert.True(ran.Code == 0, ran.Error + all.Server.Output);

            // The oldest made room at once, the others end by time-out.
            foreach (var socket in new[] { sockets[0], sockets[^1] }) await AssertEndsAsync(socket, 20);
            await all.AssertHealthyAsync();
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    [Fact]
    public async Task Plain_text_at_a_TLS_listener_ends_and_TLS_at_a_plain_one()
    {
        using var plain = await all.DialAsync("tls");
        await plain.GetStream().WriteAsync(Connect);
        await AssertEndsAsync(plain, 15);

        using var tls = new TcpClient();
        await tls.ConnectAsync(IPAddress.Loopback, all.Server.MqttPort);
        await tls.GetStream().WriteAsync(ClientHello(0x03));
        await AssertEndsAsync(tls, 15);
        await all.AssertHealthyAsync();
    }

    [Fact]
    public async Task TLS_1_1_is_refused_by_its_proper_alert()
    {
        using var socket = await all.DialAsync("tls");
        await socket.GetStream().WriteAsync(ClientHello(minor: 0x02));
        var alert = new byte[7];
        await socket.GetStream().ReadExactlyAsync(alert);

        // A fatal alert, protocol_version.
        Assert.Equal((0x15, 0x02, 0x46), (alert[0], alert[5], alert[6]));
    }

    [Fact]
    public async Task A_listener_takes_as_many_connections_as_it_says()
    {
        using var first = await all.DialAsync("two");
        using var second = await all.DialAsync("two");
        foreach (var socket in new[] { first, second })
        {
            await socket.GetStream().WriteAsync(Connect.AsMemory()[..^1]);
            await socket.GetStream().WriteAsync(new[] { socket == first ? (byte)'b' : (byte)'c' });
            await socket.GetStream().ReadExactlyAsync(new byte[4]);
        }

        using (var third = await all.DialAsync("two")) await AssertEndsAsync(third, 10);
        first.Dispose();
        await Eventually.AsyncTrue(
            async () =>
            {
                using var again = await all.DialAsync("two");
                try
                {
                    await again.GetStream().WriteAsync(Connect);
                    return await again.GetStream().ReadAsync(new byte[4]) == 4;
                }
                catch (IOException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(10),
            () => all.Server.Output);
    }

    private static async Task AssertEndsAsync(TcpClient socket, int seconds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            while (await socket.GetStream().ReadAsync(new byte[256], patience.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    private async Task<HttpStatusCode> PostAsync(HttpClient client, string topic, string payload)
    {
        using var answer = await client.PostAsync($"https://localhost:{all.PortOf("registered")}/topics/{topic}?qos=1", new StringContent(payload));
        return answer.StatusCode;
    }

    // Version 2 is offered by ALPN beside 1.1; for 1.1 alone this client would offer nothing.
    private static HttpClient Trusting(X509Certificate2? own = null)
    {
        var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
            UseProxy = false,
        };
        if (own is not null) handler.ClientCertificates.Add(own);
        return new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20 };
    }

    /// <summary>The smallest ClientHello, of TLS 1.1 (2) or 1.2 (3).</summary>
    private static byte[] ClientHello(byte minor) =>
    [
        0x16, 0x03, 0x01, 0x00, 0x31, 0x01, 0x00, 0x00, 0x2D, 0x03, minor, .. new byte[32], 0x00, 0x00, 0x06, 0xC0, 0x13, 0xC0, 0x09, 0x00, 0x2F, 0x01, 0x00,
    ];
}
