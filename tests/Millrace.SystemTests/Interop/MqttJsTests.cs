using System.Diagnostics;

namespace Millrace.SystemTests.Interop;

/// <summary>npm's MQTT.js, with MQTT 3.1.1 and 5, over TCP and over WebSocket: npm/interop.mjs and npm/through-kills.mjs.</summary>
public sealed class MqttJsTests(MqttJsTests.Run run) : IClassFixture<MqttJsTests.Run>
{
    private static readonly string Scripts = Scratch.Repository("tests/Millrace.SystemTests/npm");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task The_case_of_mqtt_js_holds(string name) => run.AssertAsync(name);

    [Theory]
    [InlineData(false, 4)]
    [InlineData(false, 5)]
    [InlineData(true, 4)]
    [InlineData(true, 5)]
    public async Task Nothing_is_lost_or_doubled_while_the_server_is_killed(bool webSocket, int version)
    {
        Assert.SkipWhen(BrokerUnderTest.IsMosquitto, "mosquitto writes sessions every half hour.");
        await using var broker = new BrokerUnderTest();
        await broker.InitializeAsync();
        var url = webSocket ? broker.WebSocketUrl : $"mqtt://127.0.0.1:{broker.Port}";
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(Scripts, "through-kills.mjs"), url, $"{version}", "600"])
        {
            RedirectStandardOutput = true,
        })!;
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

    public sealed class Run : CaseRun
    {
        private static readonly string Script = Path.Combine(Scripts, "interop.mjs");

        protected override string[] Command => ["node", Script, $"mqtt://127.0.0.1:{Broker.Port}", Broker.WebSocketUrl];

        public static TheoryData<string> List() => List("node", Script, "--list");
    }
}
