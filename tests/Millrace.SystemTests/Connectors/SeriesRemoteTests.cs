using System.Globalization;
using System.Net;
using System.Text;

namespace Millrace.SystemTests.Connectors;

/// <summary>The real program with a copy of its time series on a server that speaks S3: disks are wiped, the server goes away, keys are wrong.</summary>
public sealed class SeriesRemoteTests
{
    private const int RowsOfPart = 20_000;
    private const string Sums = "SELECT name, count(*), sum(n), min(time), max(note) FROM fleet.readings GROUP BY name ORDER BY name";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static SeriesRemoteTests()
    {
        foreach (var (name, value) in S3Server.Credentials) Environment.SetEnvironmentVariable(name, value);
    }

    [Fact]
    public async Task A_disk_that_was_wiped_has_all_rows_again_and_one_with_little_room_fetches_what_queries_want()
    {
        await using var s3 = await S3Server.StartAsync();
        await using var server = await MillraceProcess.StartAsync(null, null, [.. Options(s3), "--series-disk-limit", "1MiB", "--series-move-age", "1s"]);
        for (var part = 0; part < 4; part++)
        {
            await LoadAsync(server, part);
            await UploadedAsync(server);
        }

        var before = await RowsAsync(server);
        await Eventually.AsyncTrue(() => Task.FromResult(BlockBytes(server) <= 1 << 20), Patience, () => $"{BlockBytes(server)} bytes are on the disk\n{server.Output}");
        Assert.Equal(before, await RowsAsync(server));
        Assert.True(await MetricAsync(server, "millrace_series_remote_fetched_files_total") > 0, server.Output);

        await server.KillAsync();
        Directory.Delete(server.Data, recursive: true);
        await server.StartAgainAsync();
        Assert.Contains("Time series begin with what s3://millrace-cold/plant has", server.Output, StringComparison.Ordinal);
        Assert.Equal(before, await RowsAsync(server));
        await LoadAsync(server, 4);
        Assert.Equal(5 * RowsOfPart, await server.CountAsync("SELECT count(*) FROM fleet.readings"));
        await UploadedAsync(server);
        AssertNoSecrets(server);
    }

    [Fact]
    public async Task While_the_bucket_is_away_all_goes_on_and_health_and_metrics_say_so()
    {
        await using var s3 = await S3Server.StartAsync();
        await using var server = await MillraceProcess.StartAsync(null, null, [.. Options(s3), "--series-move-age", "1s"]);
        await LoadAsync(server, 0);
        await UploadedAsync(server);
        await s3.KillAsync();
        await LoadAsync(server, 1);
        await Eventually.AsyncTrue(
            async () => (await ReadyAsync(server)).Contains("not copied to the bucket", StringComparison.Ordinal), Patience, () => $"health does not warn\n{server.Output}");
        Assert.True(await MetricAsync(server, "millrace_series_remote_waiting_files") > 0, server.Output);
        Assert.True(await MetricAsync(server, "millrace_series_remote_failed_uploads_total") > 0, server.Output);
        Assert.Equal(2 * RowsOfPart, await server.CountAsync("SELECT count(*) FROM fleet.readings"));
        var before = await RowsAsync(server);

        // It starts without its bucket too, because the disk has all.
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Equal(before, await RowsAsync(server));
        await s3.ComeBackAsync();
        await UploadedAsync(server);
        await Eventually.AsyncTrue(
            async () => !(await ReadyAsync(server)).Contains("not copied", StringComparison.Ordinal), Patience, () => $"health still warns\n{server.Output}");

        await server.KillAsync();
        Directory.Delete(server.Data, recursive: true);
        await server.StartAgainAsync();
        Assert.Equal(before, await RowsAsync(server));
    }

    [Fact]
    public async Task A_wrong_key_is_told_of_and_one_that_is_put_right_is_taken_without_a_restart()
    {
        await using var s3 = await S3Server.StartAsync();
        await using var first = await MillraceProcess.StartAsync();
        await LoadAsync(first, 0);
        await first.StopAsync();

        var key = Path.Combine(first.Data, "key");
        await File.WriteAllTextAsync(key, "[default]\naws_access_key_id = NOBODY\naws_secret_access_key = never-to-be-seen\n", TestContext.Current.CancellationToken);
        await using var server = await MillraceProcess.StartAsync(null, first.Data, [.. Options(s3), "--series-remote-credentials", key]);
        await Eventually.AsyncTrue(
            async () => (await ReadyAsync(server)).Contains("InvalidAccessKeyId", StringComparison.Ordinal), Patience, () => $"health does not warn\n{server.Output}");
        Assert.Equal(RowsOfPart, await server.CountAsync("SELECT count(*) FROM fleet.readings"));
        AssertNoSecrets(server);

        await File.WriteAllTextAsync(key, $"[default]\naws_access_key_id = {S3Server.Key}\naws_secret_access_key = {S3Server.Key}\n", TestContext.Current.CancellationToken);
        await UploadedAsync(server);
        Assert.Contains("plant/manifest.json", s3.Objects());
    }

    [Fact]
    public async Task Without_a_way_to_know_what_the_bucket_has_an_empty_server_does_not_begin()
    {
        await using var s3 = await S3Server.StartAsync();
        var key = Path.Combine(Scratch.Directory(), "key");
        foreach (var (content, why) in ((string?, string)[])
        [
            (null, "there is no file"),
            ("[default]\naws_access_key_id never-to-be-seen\n", "has no profile [default] with aws_access_key_id and aws_secret_access_key"),
            ("[default]\naws_access_key_id = NOBODY\naws_secret_access_key = never-to-be-seen\n", "Start without seriesRemote to begin with none"),
        ])
        {
            if (content is not null) await File.WriteAllTextAsync(key, content, TestContext.Current.CancellationToken);
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => MillraceProcess.StartAsync(null, null, [.. Options(s3), "--series-remote-credentials", key]));
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("never-to-be-seen", refused.Message, StringComparison.Ordinal);
        }

        Scratch.Delete(Path.GetDirectoryName(key)!);
    }

    private static string[] Options(S3Server s3) => ["--series-remote", $"s3://{S3Server.Bucket}/plant", "--series-remote-endpoint", s3.Endpoint];

    private static void AssertNoSecrets(MillraceProcess server)
    {
        Assert.DoesNotContain(S3Server.Key, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("never-to-be-seen", server.Output, StringComparison.Ordinal);
    }

    private static async Task LoadAsync(MillraceProcess server, int part)
    {
        // A day for each part, and texts that no compression makes small.
        var random = new Random(part);
        var text = new StringBuilder("time,name,n,note\n");
        for (var i = 0; i < RowsOfPart; i++)
            text.Append(CultureInfo.InvariantCulture, $"{1_700_000_000_000 + (part * 86_400_000L) + (i * 4000L)},truck_{i % 20},{i},{random.NextInt64():x}{random.NextInt64():x}\n");
        using var body = new StringContent(text.ToString(), Encoding.UTF8, "text/csv");
        using var answer = await server.Http.PostAsync("api/v1/write?table=fleet.readings&dimensions=name", body);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> RowsAsync(MillraceProcess server) => string.Join('\n', (await server.QueryAsync(Sums)).Select(static row => string.Join(' ', row)));

    /// <summary>Waits until nothing is in memory, and nothing on its way to the bucket.</summary>
    private static Task UploadedAsync(MillraceProcess server) => Eventually.AsyncTrue(
        async () => await MetricAsync(server, "millrace_series_hot_rows") == 0 && await MetricAsync(server, "millrace_series_remote_waiting_files") == 0,
        Patience, () => $"not all is in the bucket\n{server.Output}");

    private static async Task<string> ReadyAsync(MillraceProcess server)
    {
        using var answer = await server.Http.GetAsync("health/ready");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<double> MetricAsync(MillraceProcess server, string name)
    {
        var text = await server.Http.GetStringAsync("metrics");
        var line = text.Split('\n').First(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }

    private static long BlockBytes(MillraceProcess server) =>
        Directory.EnumerateFiles(Path.Combine(server.Data, "series/tables"), "*.blocks", SearchOption.AllDirectories).Sum(static file => new FileInfo(file).Length);
}
