using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Storage.Files;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Remote;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series;

/// <summary>The copy in a bucket: a wiped disk begins where the bucket is, whatever crashed or failed in between.</summary>
public sealed class RemoteTierTests
{
    private readonly MemoryBucket _bucket = new();
    private readonly MemoryDisk _disk = new();
    private readonly SeriesFiles _files;
    private RemoteTier _tier;

    public RemoteTierTests()
    {
        _files = new SeriesFiles(_disk, "/nowhere");
        _tier = new RemoteTier(_bucket, _files);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_go_first_then_the_manifest_then_what_it_does_not_list_goes_away()
    {
        var order = new List<string>();
        _bucket.Changing = order.Add;
        Assert.True(await CommitAsync(1, "a", "b"));
        Assert.True(await CommitAsync(2, "b", "c"));
        Assert.Equal(["names/1.names", "tables/a", "tables/b", "manifest.json", "names/2.names", "tables/c", "manifest.json", "names/1.names", "tables/a"], order);
        Assert.Equal(["manifest.json", "names/2.names", "tables/b", "tables/c"], _bucket.Keys);
        Assert.Equal((true, false), (_tier.IsSafe("series/tables/b"), _tier.IsSafe("series/tables/a")));
        Assert.False(await _tier.UploadAsync(Stop));
        Assert.Equal((5L, 2L, 2L, 0), (_tier.Counts.Uploaded, _tier.Counts.Manifests, _tier.Counts.Deleted, _tier.Counts.Waiting));
    }

    [Fact]
    public async Task What_the_bucket_took_before_it_went_away_is_not_sent_again()
    {
        _bucket.Changing = key => _bucket.Away |= key == "tables/c";
        await Assert.ThrowsAsync<FaultException>(() => CommitAsync(1, "a", "b", "c"));
        Assert.Equal((3L, 4), (_tier.Counts.Uploaded, _tier.Counts.Waiting));
        (_bucket.Away, _bucket.Changing) = (false, null);
        Assert.True(await _tier.UploadAsync(Stop));
        Assert.Equal((4L, 0), (_tier.Counts.Uploaded, _tier.Counts.Waiting));
    }

    [Fact]
    public async Task Files_are_pinned_only_while_they_are_on_their_way()
    {
        var pinned = false;
        _bucket.Changing = key => pinned |= key == "tables/a" && _tier.IsPinned("series/tables/b");
        await CommitAsync(1, "a", "b");
        Assert.Equal((true, false), (pinned, _tier.IsPinned("series/tables/b")));
    }

    [Fact]
    public async Task A_wiped_disk_gets_names_and_manifest_back_and_files_when_they_are_wanted()
    {
        await CommitAsync(3, "a", "b");
        Wipe();
        var restored = await _tier.RestoreAsync(Stop);
        Assert.Equal((3, "s3://memory", 5L), (restored!.Generation, restored.Bucket, restored.Flows["flow/0"].Offset - 298));
        Assert.All(restored.Tables[0].Files, static file => Assert.True(file.Remote));
        Assert.Equal(["series/names/3.names"], _disk.Paths("series"));

        var checks = 0;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _tier.FetchAsync(restored.Tables[0].Files[1], _ => checks++, Stop)));
        Assert.Equal(Content("b"), Encoding.UTF8.GetString(_disk.Bytes("series/tables/b")));
        Assert.Equal(["series/names/3.names", "series/tables/b"], _disk.Paths("series"));
        Assert.Equal(checks, _tier.Counts.Fetched);
    }

    [Fact]
    public async Task A_copy_that_is_not_what_was_written_is_refused_and_named()
    {
        await CommitAsync(1, "a");
        var file = (await _tier.RestoreAsync(Stop))!.Tables[0].Files[0];
        _disk.Delete(file.Path);
        _bucket["tables/a"] = [1, 2, 3];
        var wrong = await Assert.ThrowsAsync<FaultException>(() => _tier.FetchAsync(file, static _ => { }, Stop));
        Assert.Equal((Fault.Corrupt, true), (wrong.Fault, wrong.Message.Contains("s3://memory: the object tables/a has 3 bytes, and was written with", StringComparison.Ordinal)));
        _bucket["tables/a"] = new byte[file.Bytes];
        await Assert.ThrowsAsync<InvalidDataException>(() => _tier.FetchAsync(file, static _ => throw new InvalidDataException("its checksum is wrong"), Stop));
        Assert.DoesNotContain(_disk.Paths("series"), static path => path.StartsWith("series/tables", StringComparison.Ordinal));
        await _bucket.DeleteAsync("tables/a", Stop);
        Assert.Contains("has no object tables/a", (await Assert.ThrowsAsync<FaultException>(() => _tier.FetchAsync(file, static _ => { }, Stop))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bucket_of_another_store_and_one_that_is_ahead_are_left_alone()
    {
        await CommitAsync(5, "a");
        _tier = new RemoteTier(_bucket, _files);
        var ahead = await Assert.ThrowsAsync<FaultException>(() => CommitAsync(4, "a"));
        Assert.Contains("is ahead of the disk (generation 5, the disk has 4)", ahead.Message, StringComparison.Ordinal);
        _tier.Committed(Manifest(6, "a") with { Store = "another" });
        Assert.Contains("holds another store", (await Assert.ThrowsAsync<FaultException>(() => _tier.UploadAsync(Stop))).Message, StringComparison.Ordinal);
        Assert.Equal(["manifest.json", "names/5.names", "tables/a"], _bucket.Keys);
    }

    [Fact]
    public async Task A_bucket_without_a_manifest_restores_nothing() => Assert.Null(await _tier.RestoreAsync(Stop));

    [Theory, Seeds(200)]
    public async Task Whenever_it_crashes_the_bucket_has_a_whole_state_that_is_not_older_than_the_last_one_confirmed(int seed)
    {
        var random = new Random(seed);
        var (generation, confirmed) = (0, 0);
        var live = new List<string>();
        for (var step = 0; step < 25; step++)
        {
            generation++;
            live.AddRange(Enumerable.Range(0, random.Next(4)).Select(i => $"{generation}-{i}"));
            if (live.Count > 3) live.RemoveRange(0, random.Next(live.Count));
            if (random.Next(2) == 0) _bucket.GoAwayAfter(random.Next(1, 10));
            try
            {
                await CommitAsync(generation, [.. live]);
                confirmed = generation;
            }
            catch (FaultException away)
            {
                Assert.Equal(Fault.Unavailable, away.Fault);
            }

            _bucket.Away = false;
            _bucket.GoAwayAfter(int.MaxValue);
            var luck = random.Next(4);
            if (luck == 0) _tier = new RemoteTier(_bucket, _files);
            if (luck != 1) continue;

            Wipe();
            var restored = await _tier.RestoreAsync(Stop);
            Assert.InRange(restored?.Generation ?? 0, confirmed, generation);
            if (restored is null) continue;
            foreach (var file in restored.Tables[0].Files)
            {
                await _tier.FetchAsync(file, static _ => { }, Stop);
                Assert.Equal(Content(file.Path["series/tables/".Length..]), Encoding.UTF8.GetString(_disk.Bytes(file.Path)));
            }

            live = [.. restored.Tables[0].Files.Select(static file => file.Path["series/tables/".Length..])];
        }

        await CommitAsync(generation + 1, [.. live]);
        Assert.Equal([.. live.Select(static name => $"tables/{name}").Order(StringComparer.Ordinal)], _bucket.Keys.Where(static key => key.StartsWith("tables", StringComparison.Ordinal)));
    }

    private static string Content(string name) => $"rows of {name}";

    private static Manifest Manifest(int generation, params string[] names) => new()
    {
        Store = "store",
        Generation = generation,
        Names = [$"series/names/{generation}.names"],
        Flows = new Dictionary<string, Checkpoint> { ["flow/0"] = new(generation * 101L, default) },
        Tables = [new ManifestTable { Id = 1, Name = "fleet.telemetry", Files = [.. names.Select(static name => new ColdFile($"series/tables/{name}", 1, Content(name).Length, 0, 1, 3))] }],
    };

    private async Task<bool> CommitAsync(int generation, params string[] names)
    {
        var manifest = Manifest(generation, names);
        foreach (var name in names) _disk.Put($"series/tables/{name}", Encoding.UTF8.GetBytes(Content(name)));
        _disk.Put(manifest.Names[0], "names"u8);
        _tier.Committed(manifest);
        return await _tier.UploadAsync(Stop);
    }

    private void Wipe()
    {
        foreach (var path in _disk.Paths("series")) _disk.Delete(path);
        _tier = new RemoteTier(_bucket, _files);
    }
}
