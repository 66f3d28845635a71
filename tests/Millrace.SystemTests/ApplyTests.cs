namespace Millrace.SystemTests;

/// <summary>The pipeline changes while messages flow.</summary>
public sealed class ApplyTests
{
    private const string Copy = """
          copy:
            sql: SELECT * FROM 'dt/cars/+/telemetry' WHERE value >= 0
            to: { lake: { stream: copy, bufferTime: 1s } }

        """;

    [Fact]
    public async Task Adding_changing_and_removing_a_flow_loses_and_repeats_nothing()
    {
        await using var server = await MillraceProcess.StartAsync();
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await ApplyAsync(server, CarsPipeline.Text);
        var fleet = Enumerable.Range(0, 10).Select(i => new Device($"CAR{i:D14}", server.MqttPort)).ToArray();
        var publishing = Task.WhenAll(fleet.Select(device => device.PublishAsync(1500, inFlight: 4, stop.Token)));
        async Task MarkAsync(int rows) => await Eventually.AsyncTrue(
            () => Task.FromResult(fleet.Sum(static device => device.Acknowledged) >= rows), TimeSpan.FromSeconds(30), () => server.Output);

        await MarkAsync(2000);
        Assert.Contains("copy", await ApplyAsync(server, CarsPipeline.Text + Copy), StringComparison.Ordinal);
        await MarkAsync(4000);
        await ApplyAsync(server, CarsPipeline.Text.Replace("bufferTime: 1s", "bufferTime: 2s", StringComparison.Ordinal)
            + Copy.Replace("value >= 0", "value >= -1", StringComparison.Ordinal));
        await MarkAsync(6000);
        await ApplyAsync(server, CarsPipeline.Text.Replace("'dt/cars/+/telemetry'", "'dt/cars/+/telemetry' WHERE value > -1", StringComparison.Ordinal) + Copy);
        await publishing;
        await CarsPipeline.AssertBooksAsync(server, 10, 1500);
        await Eventually.Equal(15_000, () => Task.FromResult(Lake.Lines(server.Data, "copy").Count));

        await ApplyAsync(server, CarsPipeline.Text);
        var again = await ApplyAsync(server, CarsPipeline.Text);
        Assert.DoesNotContain("created", again, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("removed", again, StringComparison.OrdinalIgnoreCase);
        await CarsPipeline.AssertBooksAsync(server, 10, 1500);
    }

    private static async Task<string> ApplyAsync(MillraceProcess server, string yaml)
    {
        var file = Path.Combine(server.Data, "applied.yaml");
        await File.WriteAllTextAsync(file, yaml);
        var ran = await server.CliAsync("apply", "-f", file);
        Assert.True(ran.Code == 0, ran.Error + ran.Output);
        return ran.Output;
    }
}
