using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>Windows of the real program, which is killed while it fills them.</summary>
public sealed class WindowTests
{
    private const string Pipeline = """
        streams:
          late: { partitions: 2 }
          rows: { partitions: 1 }
        flows:
          counts:
            sql: SELECT vin, count(*) AS n, window_start() AS w FROM 'dt/cars/+/telemetry' GROUP BY vin, tumbling('50ms')
            window: { time: { field: timestamp }, lateness: 5s, idle: 2s }
            to: { series: { table: fleet.counts, dimensions: [vin], measures: [n], measureName: count, time: { field: w } } }
          strict:
            sql: SELECT count(*) AS n, window_start() AS w FROM 'dt/cars/+/telemetry' GROUP BY tumbling('20ms')
            window: { time: { field: timestamp }, lateness: 40ms, idle: 2s, late: late }
            to:
              - series: { table: fleet.strict, measures: [n], measureName: count, time: { field: w } }
              - stream: { name: rows }
          copy-late:
            from: { stream: late }
            sql: SELECT * FROM '#'
            to: { lake: { stream: late, bufferTime: 1s } }
          copy-rows:
            from: { stream: rows }
            sql: SELECT * FROM '#'
            to: { lake: { stream: rows, bufferTime: 1s } }
          raw:
            sql: SELECT * FROM 'dt/cars/#'
            to: { lake: { stream: cars, bufferTime: 1s } }

        """;

    [Theory]
    [InlineData(20, 600, 5, 1)]
    [InlineData(20, 600, 5, 3)]
    public async Task Counts_of_windows_sum_up_to_what_was_logged_through_kills(int devices, int rows, int lives, int partitions)
    {
        await using var server = await MillraceProcess.StartAsync(Pipeline, null, "--log-partitions", $"{partitions}");
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var fleet = Enumerable.Range(0, devices).Select(i => new Device($"CAR{i:D14}", server.MqttPort)).ToArray();
        var publishing = Task.WhenAll(fleet.Select(device => device.PublishAsync(rows, inFlight: 4, stop.Token)));
        for (var life = 1; life <= lives; life++)
        {
            var mark = life * devices * rows / (lives + 1);
            await Eventually.AsyncTrue(
                () => Task.FromResult(publishing.IsCompleted || fleet.Sum(static device => device.Acknowledged) >= mark),
                TimeSpan.FromMinutes(1), () => $"the devices stand still\n{server.Output}");
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        await publishing;
        await Eventually.Equal(0, async () => (await WindowsAsync(server, "counts")).GetProperty("open").GetInt64(), seconds: 60);
        await Eventually.Equal(0, async () => (await WindowsAsync(server, "strict")).GetProperty("open").GetInt64(), seconds: 60);
        var logged = (await server.GetAsync("api/v1/ledger")).GetProperty("log").GetProperty("records").GetInt64();

        // Each car's rows of each window, as they are in the lake, which has each message once.
        await Eventually.Equal(logged, () => Task.FromResult((long)Lake.Lines(server.Data, "cars").Count), seconds: 60);
        var expected = Lake.Lines(server.Data, "cars")
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .GroupBy(static row => (row.GetProperty("vin").GetString()!, Window: Math.Floor(row.GetProperty("value").GetDouble() / 50)))
            .Select(static window => $"{window.Key.Item1} {window.Key.Window}: {window.Count()}");
        await Eventually.Equal(logged, () => SumAsync(server, "fleet.counts"));
        var counted = (await server.QueryAsync("SELECT vin, epoch_ms(time) - 1700000000000 AS w, n FROM fleet.counts"))
            .Select(static row => $"{row[0].GetString()} {row[1].GetDouble() / 50}: {row[2].GetDouble()}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), counted.Order(StringComparer.Ordinal));
        Assert.Equal(0, (await WindowsAsync(server, "counts")).GetProperty("late").GetInt64());

        // With little patience some come late; those are in the side stream, each once, and nowhere else.
        var late = (await WindowsAsync(server, "strict")).GetProperty("late").GetInt64();
        await Eventually.Equal(logged, async () => late + await SumAsync(server, "fleet.strict"));
        await Eventually.Equal(late, () => Task.FromResult((long)Lake.Lines(server.Data, "late").Count), seconds: 60);
        await Eventually.Equal(logged - late, () => Task.FromResult(Lake.Lines(server.Data, "rows").Sum(static line => JsonDocument.Parse(line).RootElement.GetProperty("n").GetInt64())), seconds: 60);
        Assert.Equal(0, (await server.CliAsync("ledger")).Code);
    }

    private static Task<JsonElement> WindowsAsync(MillraceProcess server, string flow) => server.GetAsync($"api/v1/windows/{flow}");

    private static async Task<long> SumAsync(MillraceProcess server, string table) =>
        await server.CountAsync($"SELECT count(*) FROM {table}") <= 0 ? 0 : await server.CountAsync($"SELECT sum(n)::BIGINT FROM {table}");
}
