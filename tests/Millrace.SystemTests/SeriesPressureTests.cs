using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Millrace.SystemTests;

/// <summary>Time series with little memory, and on a disk that fills up: writers are held back, queries go on, and what was answered is there.</summary>
public sealed class SeriesPressureTests
{
    private const int RowsOfPart = 5000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Memory_stays_bounded_under_far_more_rows_than_it_may_hold()
    {
        const int parts = 25;
        await using var server = await MillraceProcess.StartAsync(null, null, "--memory-limit", "64MiB");
        var before = PeakMiB(server);
        using var stop = new CancellationTokenSource();
        var asking = AskAsync(server, stop.Token);

        // 125 MB of text, and 33 MB of rows may be in memory.
        for (var part = 0; part < parts; part++) Assert.Equal(HttpStatusCode.OK, await LoadAsync(server, part, textBytes: 1000));
        await stop.CancelAsync();
        Assert.True(await asking > 0);
        Assert.Equal(parts * RowsOfPart, await server.CountAsync("SELECT count(DISTINCT n) FROM fleet.readings WHERE length(note) = 1000"));
        Assert.True(await MetricAsync(server, "millrace_series_moves_total") > 3, server.Output);
        Assert.InRange(PeakMiB(server) - before, 0, 500);
    }

    [Fact]
    public async Task A_full_disk_refuses_what_it_cannot_keep_and_goes_on_when_there_is_room()
    {
        await using var disk = await SmallDisk.TryMountAsync(megabytes: 64);
        if (disk is null) Assert.Skip("Only root can mount a small disk; the fast suite fills one in memory.");
        await using var server = await MillraceProcess.StartAsync(null, disk.Data, "--series-move-age", "1s", "--log-segment-size", "1MiB");
        var part = 0;
        for (; part < 4; part++) Assert.Equal(HttpStatusCode.OK, await LoadAsync(server, part, textBytes: 20));

        await disk.FillAsync();
        while (await LoadAsync(server, part, textBytes: 20) == HttpStatusCode.OK) part++;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await LoadAsync(server, part, textBytes: 20));
        await Eventually.AsyncTrue(async () => (await NotReadyAsync(server)).Contains("space", StringComparison.OrdinalIgnoreCase), Patience, () => server.Output);
        Assert.True(await server.CountAsync("SELECT count(*) FROM fleet.readings") >= part * RowsOfPart);

        // A crash while it is full loses nothing that was answered, though there is no room to start with.
        await server.KillAsync();
        disk.MakeSpace();
        await server.StartAgainAsync();
        Assert.True(await server.CountAsync("SELECT count(DISTINCT n) FROM fleet.readings") >= part * RowsOfPart);
        await disk.FillAsync();
        while (await LoadAsync(server, part, textBytes: 20) == HttpStatusCode.OK) part++;
        disk.MakeSpace();
        await Eventually.AsyncTrue(async () => await LoadAsync(server, part, textBytes: 20) == HttpStatusCode.OK, Patience, () => $"it does not go on\n{server.Output}");
        part++;
        await Eventually.AsyncTrue(async () => (await NotReadyAsync(server)).Length == 0, Patience, () => $"it is not ready\n{server.Output}");
        Assert.Equal(part * RowsOfPart, await server.CountAsync("SELECT count(*) FROM fleet.readings"));
        Assert.Equal(part * RowsOfPart, await server.CountAsync("SELECT count(DISTINCT n) FROM fleet.readings"));
    }

    /// <summary>Asks all the time.</summary>
    /// <returns>How often there was an answer.</returns>
    private static async Task<int> AskAsync(MillraceProcess server, CancellationToken stop)
    {
        var answers = 0;
        var rows = -1L;
        while (!stop.IsCancellationRequested)
        {
            var found = await server.CountAsync("SELECT count(*) FROM fleet.readings");
            Assert.True(found >= rows, $"{found} rows after {rows}");
            if (found >= 0) (rows, answers) = (found, answers + 1);
            await Task.Delay(200, CancellationToken.None);
        }

        return answers;
    }

    private static async Task<HttpStatusCode> LoadAsync(MillraceProcess server, int part, int textBytes)
    {
        var random = new Random(part);
        var text = new StringBuilder("time,name,n,note\n");
        for (var i = 0; i < RowsOfPart; i++)
        {
            var n = (part * RowsOfPart) + i;
            text.Append(CultureInfo.InvariantCulture, $"{1_700_000_000_000 + n},truck_{i % 50},{n},");
            for (var left = textBytes; left > 0; left--) text.Append((char)('a' + random.Next(26)));
            text.Append('\n');
        }

        using var body = new StringContent(text.ToString(), Encoding.UTF8, "text/csv");
        using var answer = await server.Http.PostAsync("api/v1/write?table=fleet.readings&dimensions=name", body);
        return answer.StatusCode;
    }

    private static async Task<string> NotReadyAsync(MillraceProcess server)
    {
        using var answer = await server.Http.GetAsync("health/ready");
        return answer.StatusCode == HttpStatusCode.OK ? "" : await answer.Content.ReadAsStringAsync();
    }

    private static async Task<double> MetricAsync(MillraceProcess server, string name)
    {
        var line = (await server.Http.GetStringAsync("metrics")).Split('\n').First(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>The most that the process ever had in memory.</summary>
    private static long PeakMiB(MillraceProcess server)
    {
        using var process = Process.GetProcessById(server.ProcessId);
        return process.PeakWorkingSet64 >> 20;
    }
}
