using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>Many devices, a server that dies and comes back, and books that balance to the message.</summary>
public sealed class LossLedgerTests
{
    private const string Pipeline = """
        tables:
          fleet.telemetry: { dimensions: [vin, trip_id] }
        flows:
          telemetry:
            sql: SELECT * FROM 'dt/cars/+/telemetry'
            to:
              series:
                table: fleet.telemetry
                dimensions: [vin, trip_id]
                measure: { name: name, value: value }
                time: { field: timestamp }
          raw:
            sql: SELECT * FROM 'dt/cars/#'
            to: { lake: { stream: cars, bufferTime: 1s } }
        """;

    [Theory]
    [InlineData(20, 400, 4)]
    public async Task What_was_acknowledged_is_there_once_through_kills_and_restarts(int devices, int rows, int lives)
    {
        await using var server = await MillraceProcess.StartAsync(Pipeline);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var fleet = Enumerable.Range(0, devices).Select(i => new Device($"CAR{i:D14}", server.MqttPort)).ToArray();
        var publishing = Task.WhenAll(fleet.Select(device => device.PublishAsync(rows, inFlight: 4, stop.Token)));

        for (var life = 1; life <= lives; life++)
        {
            var mark = life * devices * rows / (lives + 1);
            await Eventually.AsyncTrue(
                () => Task.FromResult(publishing.IsCompleted || fleet.Sum(static device => device.Acknowledged) >= mark),
                TimeSpan.FromMinutes(1), () => $"the devices stand still\n{server.Output}");
            if (life % 2 == 0) await server.StopAsync();
            else await server.KillAsync();
            await server.StartAgainAsync();
        }

        await publishing;
        var total = devices * rows;
        await Eventually.Equal((long)total, () => server.CountAsync("SELECT count(*) FROM fleet.telemetry"), seconds: 60);
        Assert.Equal(total, await server.CountAsync("SELECT count(*) FROM (SELECT DISTINCT vin, time FROM fleet.telemetry)"));
        Assert.Equal(0, await server.CountAsync("SELECT count(*) FROM (SELECT vin FROM fleet.telemetry GROUP BY vin HAVING count(*) <> " + rows + ")"));

        var ledger = await server.GetAsync("api/v1/ledger");
        Assert.True(ledger.GetProperty("balanced").GetBoolean(), ledger.ToString());
        var logged = ledger.GetProperty("log").GetProperty("records").GetInt64();
        var telemetry = Messages(await server.FlowAsync("telemetry"));
        Assert.Equal(total, telemetry("stored"));
        Assert.Equal(logged, telemetry("matched"));
        Assert.Equal(logged - total, telemetry("absorbed"));
        Assert.Equal(0, telemetry("rejected") + telemetry("deadLettered") + telemetry("waiting"));

        // The lake holds every message that was logged, the repeated ones too, each once.
        await Eventually.Equal(logged, () => Task.FromResult((long)Lake.Lines(server.Data, "cars").Count), seconds: 60);
        Assert.Equal(0, (await server.CliAsync("ledger")).Code);
    }

    [Fact]
    public async Task Lake_files_are_named_by_their_positions_and_do_not_overlap_after_a_kill()
    {
        await using var server = await MillraceProcess.StartAsync(Pipeline);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await new Device("A", server.MqttPort).PublishAsync(200, 10, stop.Token);
        await Eventually.Equal(200, () => Task.FromResult(Lake.Lines(server.Data, "cars").Count));
        var before = Lake.Files(server.Data, "cars");
        await server.KillAsync();
        await server.StartAgainAsync();
        await new Device("B", server.MqttPort).PublishAsync(200, 10, stop.Token);
        await Eventually.Equal(400, () => Task.FromResult(Lake.Lines(server.Data, "cars").Count));
        Assert.Subset(Lake.Files(server.Data, "cars").ToHashSet(), before.ToHashSet());
        Assert.Equal(400, Lake.Lines(server.Data, "cars").Distinct().Count());
    }

    private static Func<string, long> Messages(JsonElement flow) => name => flow.GetProperty("messages").GetProperty(name).GetInt64();
}
