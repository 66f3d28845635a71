using System.Net;
using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>A disk without space: nothing is acknowledged, nothing is lost, and nobody has to do anything but make space.</summary>
public sealed class FullDiskTests
{
    private const int Devices = 20;
    private const int Rows = 3000;

    [Fact]
    public async Task A_full_disk_stops_acknowledging_says_why_once_and_recovers_by_itself()
    {
        await using var disk = await SmallDisk.TryMountAsync(megabytes: 64);
        if (disk is null) Assert.Skip("Only root can mount a small disk; the fast suite fills one in memory.");
        await using var server = await MillraceProcess.StartAsync(CarsPipeline.Text, disk.Data);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var fleet = Enumerable.Range(0, Devices).Select(i => new Device($"CAR{i:D14}", server.MqttPort)).ToArray();
        var publishing = Task.WhenAll(fleet.Select(device => device.PublishAsync(Rows, inFlight: 4, stop.Token)));
        await Eventually.AsyncTrue(() => Task.FromResult(Acknowledged(fleet) > Rows), TimeSpan.FromSeconds(30), () => server.Output);

        await disk.FillAsync();
        var reason = "";
        await Eventually.AsyncTrue(
            async () => (reason = await NotReadyAsync(server)).Length > 0, TimeSpan.FromSeconds(30), () => $"the server stays ready\n{server.Output}");
        Assert.Contains("space", reason, StringComparison.OrdinalIgnoreCase);
        await Eventually.AsyncTrue(
            async () => (await server.FlowAsync("raw")).GetProperty("state").GetString() == "retrying",
            TimeSpan.FromSeconds(30), () => $"the lake's flow does not say that it waits\n{server.Output}");
        var acknowledged = Acknowledged(fleet);
        await Task.Delay(1000, stop.Token);
        Assert.Equal(acknowledged, Acknowledged(fleet));
        Assert.False(publishing.IsCompleted);
        Assert.True(Count(server.Output, "Nothing is acknowledged") == 1, server.Output);

        disk.MakeSpace();
        await Eventually.AsyncTrue(
            async () => (await NotReadyAsync(server)).Length == 0, TimeSpan.FromSeconds(30), () => $"the server does not recover\n{server.Output}");
        await publishing;
        await CarsPipeline.AssertBooksAsync(server, Devices, Rows);
    }

    private static int Acknowledged(Device[] fleet) => fleet.Sum(static device => device.Acknowledged);

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    /// <returns>The reason; empty while the server is ready.</returns>
    private static async Task<string> NotReadyAsync(MillraceProcess server)
    {
        using var answer = await server.Http.GetAsync("health/ready");
        if (answer.StatusCode == HttpStatusCode.OK) return "";
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return body.RootElement.ToString();
    }
}
