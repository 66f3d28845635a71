using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Objects;
using Millrace.Storage.Lake;

namespace Millrace.Tests.Storage.Lake;

public sealed class LakeSinkTests
{
    private static readonly LakeOptions Options = new() { Stream = "telemetry", MaxBytes = ByteSize.KiB(1) };
    private static readonly Dictionary<string, string> Values = new() { ["vin"] = "a/b" };
    private static readonly LakeOptions Prefixed = Options with { Prefix = Parsed("x/!{firehose:random-string}/!{timestamp:mm}/!{partitionKeyFromQuery:vin}"), PartitionValues = Values };
    private static readonly string Kilobyte = $"\"{new string('x', 1022)}\"";

    private readonly LakeDisk _disk = new();

    [Fact]
    public async Task A_file_is_named_by_hour_flow_partition_and_offsets()
    {
        var flow = await OpenAsync();
        flow.Log(TimeSpan.Zero, "1", "2");
        flow.Log(TimeSpan.Zero, "3");
        await flow.RunAsync();
        await flow.IdleAsync();
        Assert.Equal(["lake/raw/telemetry/2021/03/06/07/cars-0-00000000000000000000-00000000000000000002.jsonl.gz"], flow.Names);
        Assert.Equal(["1", "2", "3"], flow.AllLines());
    }

    [Fact]
    public async Task What_is_gathered_is_not_promised_until_its_file_is_whole()
    {
        var flow = await OpenAsync();
        flow.Log(TimeSpan.Zero, "1");
        await flow.WriteAsync(0);
        Assert.Equal(0, (await flow.CommitAsync(1))!.Value.Offset);
        Assert.Null(await flow.CommitAsync(1));
        flow.Clock.Advance(Options.MaxAge);
        Assert.Equal(1, (await flow.CommitAsync(1))!.Value.Offset);
        Assert.Null(await flow.CommitAsync(1));
    }

    [Fact]
    public async Task Progress_without_records_is_durable_at_once()
    {
        var flow = await OpenAsync();
        flow.Log(TimeSpan.Zero, "of another topic");
        Assert.Equal(1, (await flow.CommitAsync(1))!.Value.Offset);
        Assert.Empty(flow.Names);
    }

    [Fact]
    public async Task A_full_file_ends_before_the_next_batch_and_never_inside_one()
    {
        var flow = await OpenAsync();
        flow.Log(TimeSpan.Zero, Kilobyte, Kilobyte);
        flow.Log(TimeSpan.Zero, "1");
        await flow.WriteAsync(0);
        Assert.Empty(flow.Names);
        await flow.WriteAsync(1);
        Assert.Equal(2, (await flow.CommitAsync(2))!.Value.Offset);
        Assert.Equal([Kilobyte, Kilobyte], flow.AllLines());
    }

    [Fact]
    public async Task A_file_ends_when_the_next_batch_arrived_too_late_for_it()
    {
        var flow = await OpenAsync();
        flow.Log(TimeSpan.Zero, "1");
        flow.Log(TimeSpan.FromSeconds(59.9), "2");
        flow.Log(TimeSpan.FromSeconds(60), "3");
        await flow.RunAsync();
        Assert.Equal(["1", "2"], flow.AllLines());
    }

    [Fact]
    public async Task A_file_ends_with_the_hour_of_its_first_record()
    {
        var flow = await OpenAsync();
        flow.Log(TimeSpan.FromMinutes(29.9), "1");
        flow.Log(TimeSpan.FromMinutes(30), "2");
        await flow.RunAsync();
        await flow.IdleAsync();
        Assert.Equal(
        [
            "lake/raw/telemetry/2021/03/06/07/cars-0-00000000000000000000-00000000000000000000.jsonl.gz",
            "lake/raw/telemetry/2021/03/06/08/cars-0-00000000000000000001-00000000000000000001.jsonl.gz",
        ], flow.Names);
    }

    [Fact]
    public async Task A_replay_from_the_first_record_writes_the_same_names_and_bytes()
    {
        var flow = await LoggedAsync();
        await flow.RunAsync();
        await flow.IdleAsync();
        var written = _disk.Files;

        var again = await LoggedAsync();
        await again.RunAsync();
        await again.IdleAsync();
        Assert.Equal(written, _disk.Files);
    }

    [Fact]
    public async Task A_file_that_was_closed_when_idle_ends_in_the_same_place_on_a_replay()
    {
        var flow = await OpenAsync();
        flow.Log(TimeSpan.Zero, "1");
        await flow.WriteAsync(0);
        await flow.IdleAsync();
        var written = _disk.Files;

        // The checkpoint after that file was lost; by now there is more in the log, and it would fit into the file.
        var again = new LakeFlow(_disk, Options);
        again.Log(TimeSpan.Zero, "1");
        again.Log(TimeSpan.FromSeconds(1), "2");
        await again.OpenAsync();
        await again.WriteAsync(0);
        await again.CommitAsync(1);
        Assert.Equal(written, _disk.Files);
        Assert.Equal(1, again.Kept.Offset);
        await again.WriteAsync(1);
        await again.IdleAsync();
        Assert.Equal(["1", "2"], again.AllLines());
        Assert.Equal(2, again.Names.Count);
    }

    [Fact]
    public async Task A_full_disk_is_a_fault_that_names_the_file_and_loses_nothing()
    {
        var flow = await OpenAsync();
        flow.Log(TimeSpan.Zero, "1");
        await flow.WriteAsync(0);
        _disk.FailsAt = 1;
        var fault = await Assert.ThrowsAsync<FaultException>(flow.IdleAsync);
        Assert.Equal(Fault.Unavailable, fault.Fault);
        Assert.Contains("cars-0-00000000000000000000", fault.Message, StringComparison.Ordinal);

        _disk.FailsAt = int.MaxValue;
        await flow.ReopenAsync();
        await flow.RunAsync();
        await flow.IdleAsync();
        Assert.Equal(["1"], flow.AllLines());
    }

    [Fact]
    public async Task Whatever_the_moment_of_a_crash_each_record_is_in_one_file_once()
    {
        foreach (var options in (LakeOptions[])[Options, Prefixed])
        {
            for (var failsAt = 1; await CrashAsync(failsAt, chance: null, options); failsAt++)
            {
                Assert.True(failsAt < 1000);
            }
        }
    }

    [Fact]
    public async Task A_prefix_says_where_files_go_and_their_names_begin_with_flow_and_stream()
    {
        var flow = new LakeFlow(_disk, Options with { Prefix = Parsed("cars/year=!{timestamp:yyyy}/vin=!{partitionKeyFromQuery:vin}/"), PartitionValues = Values });
        await flow.OpenAsync();
        flow.Log(TimeSpan.Zero, "1");
        await flow.RunAsync();
        await flow.IdleAsync();
        Assert.Equal(["lake/cars/year=2021/vin=a%2Fb/cars+telemetry-0-00000000000000000000-00000000000000000000.jsonl.gz"], flow.Names);
    }

    [Fact]
    public void Values_that_make_a_folder_no_file_system_takes_are_refused()
    {
        var options = Options with { Prefix = Parsed("!{partitionKeyFromQuery:vin}/"), PartitionValues = new Dictionary<string, string> { ["vin"] = new('/', 100) } };
        Assert.Equal(Fault.Refused, Assert.Throws<FaultException>(() => new LakeSink(_disk, options, "cars", 0, TimeProvider.System)).Fault);
    }

    [Fact]
    public async Task The_same_holds_when_the_disk_keeps_some_of_what_was_not_synced()
    {
        for (var seed = 0; seed < 300; seed++) await CrashAsync(1 + (seed % 60), new Random(seed), seed % 2 == 0 ? Options : Prefixed);
    }

    [Fact]
    public async Task An_unfinished_file_is_removed_at_open()
    {
        var flow = await OpenAsync();
        flow.Log(TimeSpan.Zero, "1");
        await flow.WriteAsync(0);
        _disk.FailsAt = 4;
        await Assert.ThrowsAsync<FaultException>(flow.IdleAsync);
        Assert.Equal(["lake/unfinished/telemetry/cars-0.tmp"], flow.Names);
        _disk.FailsAt = int.MaxValue;
        await flow.ReopenAsync();
        Assert.Empty(flow.Names);
    }

    [Fact]
    public async Task Json_without_line_breaks_is_copied_byte_for_byte()
    {
        var json = """  {"b" : 1.50, "a":"\u00e9 \"x\"" }  """;
        Assert.Equal([json], await StoredAsync(json));
    }

    [Fact]
    public async Task Json_with_line_breaks_loses_the_space_between_its_values_only()
    {
        var json = "{\r\n  \"a b\" : \"x \\\" y\\\\\",\n\t\"c\": [ 1, 2 ]\r}\n";
        Assert.Equal(["{\"a b\":\"x \\\" y\\\\\",\"c\":[1,2]}"], await StoredAsync(json));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("{\"a\":1} {\"a\":2}")]
    [InlineData("\u0001\u00ff\u0000\n")]
    public async Task What_is_not_json_is_kept_in_base64(string payload)
    {
        var line = Assert.Single(await StoredAsync(payload));
        using var json = JsonDocument.Parse(line);
        Assert.Equal(Encoding.Latin1.GetBytes(payload), json.RootElement.GetProperty("$raw").GetBytesFromBase64());
    }

    [Fact]
    public async Task Large_payloads_of_either_kind_come_back_whole()
    {
        var random = new Random(1);
        var text = new string([.. Enumerable.Range(0, 300_000).Select(_ => (char)random.Next('a', 'z'))]);
        var lines = await StoredAsync($"\"{text}\"", text, $"[\n\"{text}\"]");
        Assert.Equal($"\"{text}\"", lines[0]);
        Assert.Equal($"{{\"$raw\":\"{Convert.ToBase64String(Encoding.Latin1.GetBytes(text))}\"}}", lines[1]);
        Assert.Equal($"[\"{text}\"]", lines[2]);
    }

    [Fact]
    public void Options_name_every_mistake()
    {
        var wrong = new LakeOptions { Root = "../up", Stream = "", MaxBytes = default, MaxAge = TimeSpan.Zero };
        Assert.Equal(["lake.root", "lake.stream", "lake.maxBytes", "lake.maxAge"], wrong.Check().Select(static p => p.Where));
        Assert.Empty(Options.Check());
    }

    [Fact]
    public void A_flow_whose_name_leaves_the_directory_is_refused() =>
        Assert.Throws<ArgumentException>(() => new LakeSink(_disk, Options, "../cars", 0, TimeProvider.System));

    private async Task<LakeFlow> OpenAsync()
    {
        var flow = new LakeFlow(_disk, Options);
        await flow.OpenAsync();
        return flow;
    }

    private async Task<LakeFlow> LoggedAsync()
    {
        var flow = await OpenAsync();
        Log(flow);
        return flow;
    }

    private static void Log(LakeFlow flow)
    {
        var payload = 0;
        for (var frame = 0; frame < 12; frame++)
            flow.Log(frame < 6 ? TimeSpan.FromSeconds(frame) : TimeSpan.FromMinutes(4 * frame), [.. Enumerable.Range(0, 1 + (frame % 3)).Select(_ => $"{{\"n\":{payload++}}}")]);
    }

    private async Task<string[]> StoredAsync(params string[] payloads)
    {
        var flow = await OpenAsync();
        flow.Log(TimeSpan.Zero, payloads);
        await flow.RunAsync();
        await flow.IdleAsync();
        return flow.AllLines();
    }

    /// <returns>False where all was done before power failed.</returns>
    private static async Task<bool> CrashAsync(int failsAt, Random? chance, LakeOptions options)
    {
        var disk = new LakeDisk(chance) { FailsAt = failsAt };
        var flow = new LakeFlow(disk, options);
        Log(flow);
        var crashed = false;
        try
        {
            await flow.OpenAsync();
            await flow.RunAsync(chance);
            await flow.IdleAsync();
        }
        catch (FaultException)
        {
            crashed = true;
        }

        disk.Restart();
        await flow.OpenAsync();
        await flow.RunAsync(chance);
        await flow.IdleAsync();
        Assert.Equal(flow.AllPayloads(), flow.AllLines());
        Assert.Equal(flow.FrameAt(flow.Kept.Offset), flow.Frames);
        return crashed;
    }

    private static ObjectPrefix Parsed(string text) => ObjectPrefix.TryParse(text, out var prefix) is null ? prefix! : throw new ArgumentException(text);
}
