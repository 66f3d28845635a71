namespace Millrace.SystemTests;

/// <summary>Kill -9 at fifty random moments, with a rule that puts what is published into a stream, and another that puts it into a table.</summary>
public sealed class StreamKillTests
{
    private const int Kills = 50;
    private const int Publishers = 4;

    [Fact]
    public async Task Through_fifty_kills_every_acknowledged_message_is_once_in_the_stream_and_once_in_the_table()
    {
        var random = new Random(50);
        await using var server = await MillraceProcess.StartAsync(RowsPipeline.Text, null, "--log-partitions", "2");
        using var stop = new CancellationTokenSource();
        var publishers = Enumerable.Range(0, Publishers).Select(i => new RowPublisher($"CAR{i}", server.MqttPort)).ToArray();
        var publishing = Task.WhenAll(publishers.Select(publisher => publisher.RunAsync(stop.Token)));
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = publishers.Sum(static publisher => publisher.Acknowledged.Count);
            await Eventually.AsyncTrue(
                () => Task.FromResult(publishers.Sum(static publisher => publisher.Acknowledged.Count) > before + random.Next(10)),
                TimeSpan.FromSeconds(30), () => $"nobody is acknowledged after kill {kill}\n{server.Output}");
            await Task.Delay(random.Next(300));
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        await stop.CancelAsync();
        await publishing;
        foreach (var flow in new[] { "stream", "table" })
            await Eventually.Equal(0, async () => (await server.FlowAsync(flow)).GetProperty("lag").GetInt64(), seconds: 60);

        var stream = await RowsPipeline.StreamAsync(server);
        Assert.Equal(stream.Count, stream.Distinct().Count());
        foreach (var publisher in publishers)
        {
            var there = stream.Where(one => one.Vin == publisher.Vin).Select(static one => one.Number).ToArray();
            Assert.Empty(publisher.Acknowledged.Except(there));
            Assert.True(there.SequenceEqual(there.Order()), $"{publisher.Vin} is out of order");
        }

        Assert.Equal(stream.Count, await server.CountAsync("SELECT count(*) FROM fleet.rows"));
        Assert.Equal(stream.Count, await server.CountAsync("SELECT count(*) FROM (SELECT DISTINCT vin, time FROM fleet.rows)"));
        Assert.Equal(0, (await server.CliAsync("ledger")).Code);
    }
}
