using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Millrace.SystemTests;

/// <summary>A server with a listener of every type, and what is needed to connect to them.</summary>
public sealed partial class ListenerServer : IAsyncLifetime
{
    private readonly string _directory = Scratch.Directory();

    public MillraceProcess Server { get; private set; } = null!;

    public TestCertificates Certificates { get; private set; } = null!;

    /// <summary>What those trust who connect to listeners without certificate files.</summary>
    public string OwnAuthority => Path.Combine(Server.Data, "ca", "ca.pem");

    public async ValueTask InitializeAsync()
    {
        Certificates = new TestCertificates(_directory);
        Certificates.Write("server", "first");
        Certificates.Write("client", "a device");
        var config = Path.Combine(_directory, "config.yaml");
        var files = $"certificate: {Certificates.PathOf("server.pem")}, key: {Certificates.PathOf("server.key")}";
        await File.WriteAllTextAsync(config, $$"""
            listeners:
              - { name: mutual, type: mqtts, address: "127.0.0.1:0", auth: [anonymous], tls: { {{files}}, clientCertificate: required } }
              - { name: registered, type: mqtts, address: "127.0.0.1:0", auth: [certificate], tls: { {{files}} } }
              - { name: tls, type: mqtts, address: "127.0.0.1:0", auth: [anonymous] }
              - { name: ws, type: ws, address: "127.0.0.1:0" }
              - { name: wss, type: wss, address: "127.0.0.1:0", auth: [anonymous] }
              - { name: https, type: https, address: "127.0.0.1:0", auth: [anonymous] }
              - { name: two, type: mqtt, address: "127.0.0.1:0", maxConnections: 2 }
            """);
        Server = await MillraceProcess.StartAsync(null, null, "--config", config);
        await Eventually.AsyncTrue(
            () => Task.FromResult(Urls().Count == 8), TimeSpan.FromSeconds(20), () => $"listeners are missing:\n{Server.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Certificates.Dispose();
        Scratch.Delete(_directory);
    }

    /// <summary>The port that a listener really got.</summary>
    public int PortOf(string listener)
    {
        // --mqtt comes first; the others stand in the order of the file.
        string[] order = ["mqtt", "mutual", "registered", "tls", "ws", "wss", "https", "two"];
        return Urls()[Array.IndexOf(order, listener)];
    }

    public Task<Ran> PublishAsync(string listener, string authority, params string[] more) => Commands.RunAsync(
        "mosquitto_pub", ["-h", "localhost", "-p", $"{PortOf(listener)}", "--cafile", authority, "-q", "1", "-t", "listener/test", "-m", "x", .. more]);

    public string[] ClientCertificate => ["--cert", Certificates.PathOf("client.pem"), "--key", Certificates.PathOf("client.key")];

    public async Task<TcpClient> DialAsync(string listener)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, PortOf(listener));
        return socket;
    }

    /// <summary>TLS that trusts everybody, so that the test can look at what it was shown.</summary>
    public static async Task<SslStream> DialTlsAsync(int port)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null,
        });
        return tls;
    }

    public async Task AssertHealthyAsync()
    {
        using var answer = await Server.Http.GetAsync("health/ready");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync() + Server.Output);
    }

    private List<int> Urls() => [.. Devices().Matches(Server.Output).Select(static match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"devices +\w+://127\.0\.0\.1:(\d+)")]
    private static partial Regex Devices();
}
