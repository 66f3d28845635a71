namespace Millrace.SystemTests;

/// <summary>Many devices, a server that dies and comes back, and books that balance to the message.</summary>
public sealed class LossLedgerTests
{
    [Theory]
    [InlineData(20, 400, 4, 1)]
    [InlineData(30, 400, 6, 3)]
    public async Task What_was_acknowledged_is_there_once_through_kills_and_restarts(int devices, int rows, int lives, int partitions)
    {
        await using var server = await MillraceProcess.StartAsync(CarsPipeline.Text, null, "--log-partitions", $"{partitions}");
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
        await CarsPipeline.AssertBooksAsync(server, devices, rows);
    }

    [Fact]
    public async Task Lake_files_are_named_by_their_positions_and_do_not_overlap_after_a_kill()
    {
        await using var server = await MillraceProcess.StartAsync(CarsPipeline.Text);
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
}
