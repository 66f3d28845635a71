using System.Diagnostics;

namespace Millrace.SystemTests.Interop;

/// <summary>npm's MQTT.js, with MQTT 3.1.1 and 5, over TCP and over WebSocket: npm/interop.mjs and npm/through-kills.mjs.</summary>
public abstract class MqttJsTests(MqttJsTests.Run run, Func<BrokerUnderTest> newBroker)
{
    private static readonly string Scripts = Scratch.Repository("tests/Millrace.SystemTests/npm");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task The_case_of_mqtt_js_holds(string name) => run.AssertAsync(name);

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 5)]
    public async Task Nothing_is_lost_or_doubled_while_the_server_is_killed(bool webSocket, int version)
    {
        Assert.SkipWhen(BrokerUnderTest.IsMosquitto, "mosquitto writes sessions every half hour.");
        await using var broker = newBroker();
        await broker.InitializeAsync();
        var url = webSocket ? broker.WebSocketUrl : Url(broker);
        string[] command = [Path.Combine(Scripts, "through-kills.mjs"), url, $"{version}", "600", .. broker.ClientFiles];
        using var node = Process.Start(new ProcessStartInfo("node", command) { RedirectStandardOutput = true })!;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            var last = "";
            while (await node.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                last = line;
                if (line is not ("acknowledged 200" or "acknowledged 400")) continue;
                await broker.KillAsync();
                await broker.StartAgainAsync();
            }

            Assert.Equal("ok", last);
        }
        finally
        {
            node.Kill();
        }
    }

    public static TheoryData<string> Cases() => Run.List();

    private static string Url(BrokerUnderTest broker) => $"{(broker.ClientFiles.Length > 0 ? "mqtts" : "mqtt")}://127.0.0.1:{broker.Port}";

    public abstract class Run(BrokerUnderTest broker) : CaseRun(broker)
    {
        private static readonly string Script = Path.Combine(Scripts, "interop.mjs");

        protected override string[] Command => ["node", Script, Url(Broker), Broker.WebSocketUrl, .. Broker.ClientFiles];

        public static TheoryData<string> List() => List("node", Script, "--list");
    }

    public sealed class Plain(Plain.PlainRun run) : MqttJsTests(run, static () => new BrokerUnderTest()), IClassFixture<Plain.PlainRun>
    {
        public sealed class PlainRun() : Run(new BrokerUnderTest());
    }

    public sealed class OverMutualTls(OverMutualTls.TlsRun run) : MqttJsTests(run, static () => new MutualTlsBroker()), IClassFixture<OverMutualTls.TlsRun>
    {
        public sealed class TlsRun() : Run(new MutualTlsBroker());
    }
}
