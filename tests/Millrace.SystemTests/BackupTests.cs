using System.Runtime.Versioning;

namespace Millrace.SystemTests;

/// <summary>Backups of the real program while it is at work, and what becomes of them.</summary>
[SupportedOSPlatform("linux")]
public sealed class BackupTests
{
    private static readonly string[] Options = ["--log-partitions", "2", "--log-segment-size", "1MiB", "--series-move-rows", "1000"];

    [Fact]
    public async Task What_was_acknowledged_before_a_backup_is_once_in_the_stream_and_once_in_the_table_of_a_restored_server()
    {
        using var scratch = new Folder();
        var acknowledged = new List<Dictionary<string, long[]>>();
        string[] backups = [scratch["first"], scratch["second"], scratch["third"]];
        await using (var server = await MillraceProcess.StartAsync(RowsPipeline.Text, null, Options))
        {
            using var stop = new CancellationTokenSource();
            var publishers = Enumerable.Range(0, 4).Select(i => new RowPublisher($"CAR{i}", server.MqttPort)).ToArray();
            var publishing = Task.WhenAll(publishers.Select(publisher => publisher.RunAsync(stop.Token)));
            for (var i = 0; i < backups.Length; i++)
            {
                var least = 1200 * (i + 1);
                await Eventually.AsyncTrue(() => Task.FromResult(publishers.Sum(static one => one.Acknowledged.Count) > least), TimeSpan.FromSeconds(60), () => server.Output);
                acknowledged.Add(publishers.ToDictionary(static one => one.Vin, static one => one.Acknowledged.ToArray()));
                var ran = await server.CliAsync(["backup", backups[i], .. i == 0 ? Array.Empty<string>() : ["--after", backups[i - 1]]]);
                Assert.True(ran.Code == 0, $"{ran}");
            }

            await server.KillAsync();
            await stop.CancelAsync();
            await publishing;
        }

        for (var i = 0; i < backups.Length; i++)
        {
            Assert.Equal(0, (await VerbAsync("verify", backups[i])).Code);
            var restored = scratch[$"restored{i}"];
            var ran = await VerbAsync("restore", backups[i], restored);
            Assert.True(ran.Code == 0, $"{ran}");
            Assert.Equal(0, (await VerbAsync("verify", restored)).Code);
            await using var server = await MillraceProcess.StartAsync(RowsPipeline.Text, restored, Options);
            await AssertHoldsAsync(server, acknowledged[i]);
            Assert.NotEqual(0, (await VerbAsync("verify", restored)).Code);
        }
    }

    [Fact]
    public async Task A_damaged_backup_is_refused_with_the_file_and_so_is_a_directory_that_has_something()
    {
        using var scratch = new Folder();
        await BackupAsync(scratch["backup"]);
        var journal = Path.Combine(scratch["backup"], "data", "documents", "journal");
        var bytes = await File.ReadAllBytesAsync(journal);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(journal, bytes);

        var refused = await VerbAsync("restore", scratch["backup"], scratch["new"]);
        Assert.Equal(1, refused.Code);
        Assert.Contains("data/documents/journal", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch["new"]));
        var verified = await VerbAsync("verify", scratch["backup"]);
        Assert.Equal(1, verified.Code);
        Assert.Contains("damage: data/documents/journal", verified.Output, StringComparison.Ordinal);

        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(journal, bytes);
        Assert.Equal(0, (await VerbAsync("restore", scratch["backup"], scratch["new"])).Code);
        var again = await VerbAsync("restore", scratch["backup"], scratch["new"]);
        Assert.Equal(2, again.Code);
        Assert.Contains("is not empty", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_pipes_and_files_of_any_size_neither_stop_verify_nor_lead_it_or_restore_elsewhere()
    {
        using var scratch = new Folder();
        await BackupAsync(scratch["backup"]);
        Assert.Equal(0, (await VerbAsync("restore", scratch["backup"], scratch["data"])).Code);

        var log = Directory.GetDirectories(Path.Combine(scratch["data"], "log", "ingress"))[0];
        File.CreateSymbolicLink(Path.Combine(log, "00000000000000000009.log"), "/dev/zero");
        Directory.CreateSymbolicLink(Path.Combine(scratch["data"], "log", "loop"), scratch["data"]);
        Assert.Equal(0, (await Commands.RunAsync("mkfifo", [Path.Combine(log, "00000000000000000008.log")])).Code);
        await using (var sparse = File.Create(Path.Combine(log, "00000000000000000007.log"))) sparse.SetLength(8L << 30);
        var faults = await VerbAsync("verify", scratch["data"]);
        Assert.Equal(1, faults.Code);
        foreach (var name in new[] { "00000000000000000009.log", "log/loop", "00000000000000000008.log", "00000000000000000007.log" })
            Assert.Contains(name, faults.Output, StringComparison.Ordinal);

        var checkpoints = Path.Combine(scratch["backup"], "data", "log", "id");
        File.Move(checkpoints, scratch["elsewhere"]);
        File.CreateSymbolicLink(checkpoints, scratch["elsewhere"]);
        var refused = await VerbAsync("restore", scratch["backup"], scratch["new"]);
        Assert.Equal(1, refused.Code);
        Assert.Contains("data/log/id is a symbolic link", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch["new"]));
    }

    [Fact]
    public async Task A_server_does_not_start_where_a_restore_broke_off()
    {
        using var scratch = new Folder();
        Directory.CreateDirectory(scratch["data"]);
        await File.WriteAllTextAsync(Path.Combine(scratch["data"], "restore.unfinished"), "");
        var serve = await VerbAsync("serve", "--data", scratch["data"], "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0");
        Assert.NotEqual(0, serve.Code);
        Assert.Contains("restore", serve.Error, StringComparison.Ordinal);
        Assert.Contains("restore.unfinished", (await VerbAsync("verify", scratch["data"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_a_full_disk_nor_a_missing_right_leaves_half_a_backup()
    {
        await using var disk = await SmallDisk.TryMountAsync(megabytes: 4);
        if (disk is null) Assert.Skip("Only root can mount a small disk.");
        using var scratch = new Folder();
        await using var server = await MillraceProcess.StartAsync(RowsPipeline.Text, null, Options);
        Assert.Equal(0, (await server.PublishAsync("dt/rows/A", RowPublisher.Text("A", 1))).Code);
        Directory.CreateDirectory(disk.Data);
        await disk.FillAsync();
        var full = await server.CliAsync("backup", Path.Combine(disk.Data, "backup"));
        Assert.Equal(1, full.Code);
        Assert.Matches("space|free", full.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Data));

        Assert.Equal(0, (await server.CliAsync("backup", scratch["backup"])).Code);
        var restore = await VerbAsync("restore", scratch["backup"], Path.Combine(disk.Data, "new"));
        Assert.Equal(1, restore.Code);
        Assert.Matches("space|free", restore.Error);

        // The server's files are its user's alone, and another user's backup cannot read them.
        Directory.CreateDirectory(scratch["open"]);
        File.SetUnixFileMode(scratch["open"], (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(server.Data, (UnixFileMode)0b111_000_000);
        var other = await Commands.RunAsync(
            "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", Path.Combine(AppContext.BaseDirectory, "millrace.dll"), "backup", Path.Combine(scratch["open"], "backup")],
            new() { ["MILLRACE_URL"] = server.Http.BaseAddress!.ToString(), ["HOME"] = scratch["open"] });
        Assert.NotEqual(0, other.Code);
        if (!other.Error.Contains("as the user that the server runs as", StringComparison.Ordinal)) Assert.Fail(other.ToString());
        Assert.Empty(Directory.EnumerateDirectories(scratch["open"], "backup*"));
    }

    [Fact]
    public async Task An_image_is_gone_when_the_one_who_copies_it_is()
    {
        using var scratch = new Folder();
        await using var server = await MillraceProcess.StartAsync(RowsPipeline.Text, null, Options);
        using (var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/backup"))
        using (await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            await Eventually.Equal(1, () => Task.FromResult(Images(server)));
            var second = await server.CliAsync("backup", scratch["backup"]);
            Assert.NotEqual(0, second.Code);
            Assert.Contains("another backup is under way", second.Error, StringComparison.Ordinal);
        }

        await Eventually.Equal(0, () => Task.FromResult(Images(server)));
        Assert.Equal(0, (await server.CliAsync("backup", scratch["backup"])).Code);
    }

    private static int Images(MillraceProcess server) =>
        Directory.Exists(Path.Combine(server.Data, "backup")) ? Directory.EnumerateDirectories(Path.Combine(server.Data, "backup")).Count() : 0;

    private static async Task AssertHoldsAsync(MillraceProcess server, Dictionary<string, long[]> acknowledged)
    {
        foreach (var flow in new[] { "stream", "table" })
            await Eventually.Equal(0, async () => (await server.FlowAsync(flow)).GetProperty("lag").GetInt64(), seconds: 60);

        var stream = await RowsPipeline.StreamAsync(server);
        Assert.Equal(stream.Count, stream.Distinct().Count());
        foreach (var (vin, numbers) in acknowledged) Assert.Empty(numbers.Except(stream.Where(one => one.Vin == vin).Select(static one => one.Number)));
        Assert.Equal(stream.Count, await server.CountAsync("SELECT count(*) FROM fleet.rows"));
        Assert.Equal(stream.Count, await server.CountAsync("SELECT count(*) FROM (SELECT DISTINCT vin, time FROM fleet.rows)"));
    }

    private static async Task BackupAsync(string backup)
    {
        await using var server = await MillraceProcess.StartAsync(RowsPipeline.Text, null, Options);
        Assert.Equal(0, (await server.PublishAsync("dt/rows/A", RowPublisher.Text("A", 1))).Code);
        await Eventually.Equal(1, () => server.CountAsync("SELECT count(*) FROM fleet.rows"));
        Assert.Equal(0, (await server.CliAsync("backup", backup)).Code);
    }

    private static Task<Ran> VerbAsync(params string[] arguments) => Commands.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "millrace.dll"), .. arguments]);

    /// <summary>Paths in a directory that goes with the test.</summary>
    private sealed class Folder : IDisposable
    {
        private readonly string _root = Scratch.Directory();

        public string this[string name] => Path.Combine(_root, name);

        public void Dispose() => Scratch.Delete(_root);
    }
}
