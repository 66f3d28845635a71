namespace Millrace.SystemTests;

/// <summary>Messages that name their flow, published by mosquitto_pub through the whole server.</summary>
public sealed class BasicIngestTests
{
    private const string Pipeline = """
        flows:
          vehicles:
            sql: SELECT *, topic() AS at FROM 'cms/telemetry/+' WHERE speed > 0
            to: { lake: { stream: vehicles, bufferTime: 1s } }
          everything:
            sql: SELECT * FROM '#'
            to: { lake: { stream: everything, bufferTime: 1s } }
          last:
            sql: SELECT speed FROM 'nothing/comes/this/way'
            to: { republish: { topic: 'last/${topic(1)}', retain: true } }
        """;

    [Fact]
    public async Task A_message_goes_to_the_flow_it_names_and_one_for_nobody_is_counted()
    {
        await using var server = await MillraceProcess.StartAsync(Pipeline);
        await SendAsync(server, "$aws/rules/vehicles/vin7", """{"speed":3}""");
        await SendAsync(server, "$aws/rules/vehicles/vin8", """{"speed":0}""");
        await SendAsync(server, "$aws/rules/nobody/vin9", """{"speed":4}""");
        await SendAsync(server, "$aws/rules/last/vin7", """{"speed":3}""");
        await SendAsync(server, "cms/telemetry/vin1", """{"speed":5}""");
        await Eventually.Equal(2, () => Task.FromResult(Lake.Lines(server.Data, "vehicles").Count));

        // One of the two is what the flow republishes.
        await Eventually.Equal(2, () => Task.FromResult(Lake.Lines(server.Data, "everything").Count));
        Assert.Equal(
            ["""{"speed":3,"at":"vin7"}""", """{"speed":5,"at":"cms/telemetry/vin1"}"""],
            Lake.Lines(server.Data, "vehicles").Order());
        Assert.Equal(["""{"speed":3}""", """{"speed":5}"""], Lake.Lines(server.Data, "everything").Order());

        await Eventually.Equal(1, async () => (await server.GetAsync("api/v1/ledger")).GetProperty("log").GetProperty("ruleNotFound").GetInt64());
        Assert.True((await server.GetAsync("api/v1/ledger")).GetProperty("balanced").GetBoolean());
        Assert.Contains("millrace_rule_not_found_messages_total 1", await server.Http.GetStringAsync("metrics"), StringComparison.Ordinal);
        Assert.Contains("flow nobody by name", server.Output, StringComparison.Ordinal);

        // What a flow republished with retain: true is there for whoever subscribes later.
        var heard = await Commands.RunAsync(
            "mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{server.MqttPort}", "-t", "last/#", "-C", "1", "-W", "30", "-F", "%r %t %p"]);
        Assert.Equal("""1 last/vin7 {"speed":3}""", heard.Output.Trim());
    }

    private static async Task SendAsync(MillraceProcess server, string topic, string payload)
    {
        var sent = await server.PublishAsync(topic, payload);
        Assert.True(sent.Code == 0, $"mosquitto_pub {topic}: {sent.Output}{sent.Error}");
    }
}
