namespace Millrace.SystemTests.Interop;

/// <summary>Ours, with TLS and a client certificate that the server itself made; mosquitto is taken without them.</summary>
public sealed class MutualTlsBroker : BrokerUnderTest
{
    private const string Policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}""";
    private readonly string _directory = Scratch.Directory();
    private readonly int _port = MillraceProcess.FreePort();

    public override int Port => IsMosquitto ? base.Port : _port;

    public override string WebSocketUrl => IsMosquitto ? base.WebSocketUrl : $"wss://127.0.0.1:{OurWebSocketPort}/mqtt";

    public override string[] ClientFiles => IsMosquitto ? [] : [In("ca.pem"), In("interop.pem"), In("interop.key")];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Scratch.Delete(_directory);
    }

    protected override async Task<MillraceProcess> StartOursAsync(string[] options)
    {
        await File.WriteAllTextAsync(In("config.yaml"), $$"""
            listeners:
              - { name: devices, type: mqtts, address: "127.0.0.1:{{_port}}", auth: [certificate] }
              - { name: pages, type: wss, address: "127.0.0.1:{{OurWebSocketPort}}", auth: [certificate] }
            """);
        await File.WriteAllTextAsync(In("policy.json"), Policy);
        var server = await MillraceProcess.StartAsync(null, null, ["--config", In("config.yaml"), .. options]);
        await DoneAsync(server, "policy", "put", "everything", In("policy.json"));
        await DoneAsync(server, "certs", "create", "--thing", "interop", "--policy", "everything", "--out", _directory);
        return server;
    }

    private static async Task DoneAsync(MillraceProcess server, params string[] arguments)
    {
        var ran = await server.CliAsync(arguments);
        Assert.True(ran.Code == 0, ran.Error + ran.Output);
    }

    private string In(string file) => Path.Combine(_directory, file);
}
