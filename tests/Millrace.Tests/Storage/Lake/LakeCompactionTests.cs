using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Objects;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Lake;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Lake;

/// <summary>Small files become fewer, and no record is lost or there twice.</summary>
public sealed class LakeCompactionTests : IDisposable
{
    private static readonly LakeOptions Lines = new() { Stream = "telemetry", MaxBytes = ByteSize.KiB(1), Compact = ByteSize.MiB(1) };
    private static readonly LakeOptions Columns = Lines with { Format = LakeFormat.Parquet };

    private readonly LakeDisk _disk = new();
    private readonly Database _database = Database.Open([("threads", "1")]);
    private readonly string _directory = Directory.CreateTempSubdirectory("millrace-compact").FullName;

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task When_an_hour_is_over_its_files_are_one()
    {
        var flow = await RunAsync(_disk, Lines);
        Assert.Equal(
        [
            "lake/raw/telemetry/2021/03/06/07/.cars-0-merged",
            "lake/raw/telemetry/2021/03/06/07/cars-0-00000000000000000000-00000000000000000005.jsonl.gz",
            "lake/raw/telemetry/2021/03/06/08/.cars-0-merged",
            "lake/raw/telemetry/2021/03/06/08/cars-0-00000000000000000006-00000000000000000017.jsonl.gz",
            "lake/raw/telemetry/2021/03/06/09/cars-0-00000000000000000018-00000000000000000019.jsonl.gz",
            "lake/raw/telemetry/2021/03/06/09/cars-0-00000000000000000020-00000000000000000021.jsonl.gz",
            "lake/raw/telemetry/2021/03/06/09/cars-0-00000000000000000022-00000000000000000023.jsonl.gz",
        ], flow.Names);
        Assert.Equal(flow.AllPayloads(), LinesOf(flow));
    }

    [Fact]
    public async Task A_replay_from_the_first_record_changes_nothing()
    {
        await RunAsync(_disk, Lines);
        var before = _disk.Files;
        await RunAsync(_disk, Lines);
        Assert.Equal(before, _disk.Files);

        // Nor one without the option, as after a change of the pipeline.
        await RunAsync(_disk, Lines with { Compact = null });
        Assert.Equal(before, _disk.Files);
    }

    [Fact]
    public async Task A_replay_that_begins_within_a_file_changes_nothing()
    {
        foreach (var options in (LakeOptions[])[Lines, Columns, Lines with { Prefix = Minutes() }])
            foreach (var compact in (ByteSize?[])[null, ByteSize.MiB(1)])
            {
                var disk = new LakeDisk();
                var log = new Random(3);
                var flow = new LakeFlow(disk, options with { Compact = compact });
                var at = TimeSpan.Zero;
                for (var frame = 0; frame < 60; frame++) flow.Log(at += TimeSpan.FromSeconds(log.Next(50)), $"{{\"n\":{frame}}}");
                await flow.RunFromAsync(0);
                var before = disk.Files;
                for (var frame = 0; frame < 60; frame++)
                {
                    await flow.RunFromAsync(frame);
                    Assert.Equal(before, disk.Files);
                }
            }

        static ObjectPrefix Minutes() => ObjectPrefix.TryParse("at/!{timestamp:HH/mm}/", out var prefix) is null ? prefix! : throw new InvalidOperationException();
    }

    [Fact]
    public async Task A_folder_that_was_left_to_nobody_is_looked_at_by_the_next_to_open()
    {
        var flow = await RunAsync(_disk, Lines with { Compact = null });
        Assert.Equal(12, flow.Names.Count);
        var later = new LakeFlow(_disk, Lines);
        for (var frame = 0; frame < 12; frame++) later.Log(TimeSpan.FromMinutes(10 * frame), $"{{\"n\":{2 * frame}}}", $"{{\"n\":{(2 * frame) + 1}}}");
        later.Log(TimeSpan.FromMinutes(120), "{\"n\":24}");
        await later.OpenAsync();
        await later.WriteAsync(12);
        await later.CommitAsync(13);
        await later.IdleAsync();
        Assert.Equal(["07", "08", "09", "09", "09", "09"], Data(later).Select(static name => name.Split('/')[6]));
        Assert.Equal(later.AllPayloads(), LinesOf(later));
    }

    [Fact]
    public async Task Files_are_put_together_up_to_the_size_and_large_ones_stay()
    {
        var random = new Random(1);
        var flow = new LakeFlow(_disk, Lines);
        await flow.OpenAsync();
        foreach (var kilobytes in (int[])[300, 500, 400, 1500, 10, 10, 2000])
            flow.Log(TimeSpan.FromMinutes(flow.Frames), $"\"{Convert.ToBase64String(Enumerable.Range(0, kilobytes * 768).Select(_ => (byte)random.Next(256)).ToArray())}\"");
        flow.Log(TimeSpan.FromHours(1), "1");
        await flow.RunAsync();
        await flow.IdleAsync();
        Assert.Equal(["0-1", "2-2", "3-3", "4-5", "6-6", "7-7"], Data(flow).Select(static name => $"{long.Parse(name[^50..^30], null)}-{long.Parse(name[^29..^9], null)}"));
        Assert.Equal(flow.AllPayloads(), LinesOf(flow));
    }

    [Fact]
    public async Task Whatever_the_moment_of_a_crash_nothing_is_missed_then_and_all_is_there_once_afterwards()
    {
        foreach (var options in (LakeOptions[])[Lines, Columns])
        {
            var failsAt = 1;
            for (; await CrashAsync(failsAt, chance: null, options); failsAt++) Assert.True(failsAt < 1000);
            Assert.True(failsAt > 50);
        }
    }

    [Fact]
    public async Task The_same_holds_when_the_disk_keeps_some_of_what_was_not_synced()
    {
        for (var seed = 0; seed < 200; seed++) await CrashAsync(1 + (seed % 130), new Random(seed), Lines);
    }

    [Fact]
    public async Task Whatever_call_a_bucket_goes_away_with_all_is_there_once()
    {
        for (var calls = 1; calls < 60; calls++)
        {
            var bucket = new MemoryBucket();
            bucket.GoAwayAfter(calls);
            var flow = Logged(new LakeFlow(bucket, Lines));
            for (var lives = 0; lives < 5; lives++)
            {
                try
                {
                    await flow.OpenAsync();
                    await flow.RunAsync();
                    await flow.IdleAsync();
                    break;
                }
                catch (FaultException)
                {
                    bucket.GoAwayAfter(lives == 0 ? calls : int.MaxValue);
                    bucket.Away = false;
                }
            }

            Assert.Equal(flow.AllPayloads(), LinesOf(flow));
        }
    }

    [Fact]
    public async Task Parquet_files_are_put_together_row_by_row_where_their_columns_agree()
    {
        var flow = new LakeFlow(_disk, Columns);
        await flow.OpenAsync();
        flow.Log(TimeSpan.Zero, """{"n":1,"s":"x","b":true,"d":0.5}""", """{"n":2,"s":"x","b":false,"d":-1.5}""", """{"n":3,"s":"x"}""", """{"n":4,"s":"x"}""");
        flow.Log(TimeSpan.FromMinutes(2), """{"n":5,"more":"y"}""");
        flow.Log(TimeSpan.FromMinutes(4), """{"n":"text"}""");
        flow.Log(TimeSpan.FromMinutes(6), """{"n":"texts"}""");
        flow.Log(TimeSpan.FromHours(1), """{"n":6}""");
        await flow.RunAsync();
        await flow.IdleAsync();
        Assert.Equal(3, Data(flow).Count);
        Assert.Equal(["1|x|true|0.5|", "2|x|false|-1.5|", "3|x|||", "4|x|||", "5||||y"], Query($"SELECT n, s, b, d, more FROM '{Save(Data(flow)[0], _disk.Files)}'"));
        Assert.Equal(["text", "texts"], Query($"SELECT n FROM '{Save(Data(flow)[1], _disk.Files)}'"));
        Assert.Equal(["1|5|x|x"], Query($"""
            SELECT min(stats_min_value) FILTER (path_in_schema = 'n'), max(stats_max_value) FILTER (path_in_schema = 'n'), min(stats_min_value) FILTER (path_in_schema = 's'), max(stats_max_value) FILTER (path_in_schema = 's')
            FROM parquet_metadata('{Save(Data(flow)[0], _disk.Files)}')
            """));
    }

    [Fact]
    public async Task A_parquet_file_that_is_none_of_ours_stays_as_it_is()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var disk = new LakeDisk();
            var flow = await RunAsync(disk, Columns with { Compact = null });
            var name = Data(flow)[1];
            var bytes = disk.Files[name];
            if (seed % 3 == 0) bytes = bytes[..random.Next(bytes.Length)];
            else for (var times = 0; times < 3; times++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            using (var file = disk.Open(name))
            {
                file.SetLength(0);
                file.Write(0, bytes);
            }

            var again = new LakeFlow(disk, Columns);
            for (var frame = 0; frame < 12; frame++) again.Log(TimeSpan.FromMinutes(10 * frame), $"{{\"n\":{2 * frame}}}", $"{{\"n\":{(2 * frame) + 1}}}");
            again.Log(TimeSpan.FromHours(3), "{\"n\":24}");
            await again.OpenAsync();
            await again.WriteAsync(12);
            await again.CommitAsync(13);
        }
    }

    [Fact]
    public async Task A_note_that_is_damaged_is_told_with_its_place()
    {
        await RunAsync(_disk, Lines);
        using (var note = _disk.Open("lake/raw/telemetry/2021/03/06/07/.cars-0-merged")) note.Write(0, "\n\n"u8);
        var told = await Assert.ThrowsAsync<FaultException>(() => RunAsync(_disk, Lines));
        Assert.Equal(Fault.Unavailable, told.Fault);
        Assert.Contains("07/.cars-0-merged is damaged", told.Message, StringComparison.Ordinal);
    }

    private static LakeFlow Logged(LakeFlow flow)
    {
        for (var frame = 0; frame < 12; frame++) flow.Log(TimeSpan.FromMinutes(10 * frame), $"{{\"n\":{2 * frame}}}", $"{{\"n\":{(2 * frame) + 1}}}");
        return flow;
    }

    private static async Task<LakeFlow> RunAsync(LakeDisk disk, LakeOptions options)
    {
        var flow = Logged(new LakeFlow(disk, options));
        await flow.OpenAsync();
        await flow.RunAsync();
        await flow.IdleAsync();
        return flow;
    }

    private static IReadOnlyList<string> Data(LakeFlow flow) => [.. flow.Names.Where(static name => !name.EndsWith("-merged", StringComparison.Ordinal))];

    private static string[] LinesOf(LakeFlow flow) => [.. Data(flow).OrderBy(static name => name[(name.LastIndexOf('/') + 1)..], StringComparer.Ordinal).SelectMany(flow.Lines)];

    private async Task<bool> CrashAsync(int failsAt, Random? chance, LakeOptions options)
    {
        var disk = new LakeDisk(chance) { FailsAt = failsAt };
        var flow = Logged(new LakeFlow(disk, options));
        var crashed = false;
        try
        {
            await flow.OpenAsync();
            await flow.RunAsync();
            await flow.IdleAsync();
        }
        catch (FaultException)
        {
            crashed = true;
        }

        disk.Restart();
        var safe = 2 * flow.FrameAt(flow.Kept.Offset);
        Assert.Empty(Enumerable.Range(0, safe).Except(Numbers(flow, disk)));
        await flow.OpenAsync();
        await flow.RunAsync();
        await flow.IdleAsync();

        // The last folder is left too.
        var next = Logged(new LakeFlow(disk, options));
        next.Log(TimeSpan.FromHours(3), "{\"n\":24}");
        await next.OpenAsync();
        await next.WriteAsync(12);
        await next.CommitAsync(13);
        Assert.Equal(Enumerable.Range(0, 24), Numbers(next, disk));
        return crashed;
    }

    private List<int> Numbers(LakeFlow flow, LakeDisk disk)
    {
        var data = Data(flow).Where(static name => !name.EndsWith(".tmp", StringComparison.Ordinal)).ToList();
        if (data.Count == 0) return [];
        if (data[0].EndsWith(".jsonl.gz", StringComparison.Ordinal)) return [.. data.SelectMany(flow.Lines).Select(static line => int.Parse(line[5..^1], null)).Order()];
        var files = string.Join(", ", data.Select(name => $"'{Save(name, disk.Files)}'"));
        return [.. Query($"SELECT n FROM read_parquet([{files}]) ORDER BY n").Select(static n => int.Parse(n, null))];
    }

    private string Save(string name, IReadOnlyDictionary<string, byte[]> files)
    {
        var path = Path.Combine(_directory, Path.GetFileName(name));
        File.WriteAllBytes(path, files[name]);
        return path;
    }

    private string[] Query(string sql)
    {
        using var connection = _database.Connect();
        using var asked = connection.Prepare(sql);
        var names = string.Join(", ", Enumerable.Range(0, asked.Columns).Select(static i => $"c{i}"));
        using var result = connection.Query($"SELECT concat_ws('|', {string.Join(", ", Enumerable.Range(0, asked.Columns).Select(static i => $"coalesce(c{i}::VARCHAR, '')"))}) FROM ({sql}) q({names})");
        var rows = new List<string>();
        while (result.Fetch() is { } chunk)
        {
            using (chunk)
            {
                for (var row = 0; row < chunk.Count; row++) rows.Add(Encoding.UTF8.GetString(chunk.Vector(0).Text(row)));
            }
        }

        return [.. rows];
    }
}
