using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Storage.Documents;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Documents;

public sealed class CheckpointFileTests
{
    private const string Path = "checkpoints.journal";
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Checkpoints_are_there_after_a_restart_the_last_of_each_flow()
    {
        var counts = new FlowCounts { Examined = 9, Matched = 7, Stored = 3, RecordsDeadLettered = long.MaxValue };
        using (var store = CheckpointFile.Open(_disk, Path))
        {
            Assert.Null(store.Load("cars/0"));
            store.Save("cars/0", new Checkpoint(5, default));
            store.Save("cars/0", new Checkpoint(0, counts));
            store.Save("größe/1", new Checkpoint(long.MaxValue, default));
            store.Save("gone/0", new Checkpoint(1, default));
            store.Remove("gone/0");
        }

        for (var life = 0; life < 2; life++)
        {
            using var again = CheckpointFile.Open(_disk, Path);
            Assert.Equal(new Checkpoint(0, counts), again.Load("cars/0"));
            Assert.Equal(new Checkpoint(long.MaxValue, default), again.Load("größe/1"));
            Assert.Null(again.Load("gone/0"));
            again.Save("other/0", new Checkpoint(life, default));
        }

        Assert.Equal(0, _disk.OpenFiles);
    }

    [Fact]
    public void The_journal_does_not_grow_for_ever_and_a_save_is_one_sync()
    {
        using var store = CheckpointFile.Open(_disk, Path);
        store.Save("cars/0", default);
        var before = _disk.Syncs;
        for (var i = 0; i < 1000; i++) store.Save($"flow-{i % 10}/0", new Checkpoint(i, default));
        Assert.Equal(1000, _disk.Syncs - before);
        for (var i = 0; i < 20_000; i++) store.Save($"flow-{i % 10}/0", new Checkpoint(i, default));
        Assert.InRange(_disk.Bytes(Path).Length, 1, 300 * 1024);
    }

    [Theory, Seeds(200)]
    public void What_was_saved_survives_every_crash(int seed)
    {
        var random = new Random(seed);
        var disk = new CrashingDisk(random);
        var saved = new Dictionary<string, long>();
        var tried = new Dictionary<string, long>();
        for (var life = 0; life < 6; life++)
        {
            try
            {
                using var store = CheckpointFile.Open(disk, Path);
                foreach (var key in tried.Keys)
                {
                    var offset = store.Load(key)?.Offset ?? 0;
                    Assert.True(offset == saved.GetValueOrDefault(key) || offset == tried[key]);
                    saved[key] = offset;
                }

                disk.CrashAfter(random.Next(1, 40));
                while (true) Save(random, disk, store, saved, tried);
            }
            catch (FaultException e)
            {
                Assert.Equal(Fault.Unavailable, e.Fault);
                Assert.True(disk.Crashed);
            }

            disk.Restart();
        }
    }

    [Fact]
    public void Savers_at_the_same_time_share_a_sync_and_all_are_safe()
    {
        using (var store = CheckpointFile.Open(_disk, Path))
        {
            store.Save("first/0", default);
            var threads = Enumerable.Range(0, 8).Select(flow => new Thread(() =>
            {
                for (var i = 0; i < 200; i++) store.Save($"flow/{flow}", new Checkpoint(i, default));
            })).ToList();
            threads.ForEach(static thread => thread.Start());
            threads.ForEach(static thread => thread.Join());
        }

        using var again = CheckpointFile.Open(_disk, Path);
        for (var flow = 0; flow < 8; flow++) Assert.Equal(199, again.Load($"flow/{flow}")?.Offset);
    }

    [Fact]
    public void A_torn_last_line_is_left_out_and_a_bad_line_before_a_good_one_is_corrupt()
    {
        using (var store = CheckpointFile.Open(_disk, Path))
            for (var i = 1; i <= 3; i++) store.Save("cars/0", new Checkpoint(i, default));
        var bytes = _disk.Bytes(Path);
        var second = bytes.AsSpan().LastIndexOf((byte)'\n');
        var last = bytes.AsSpan(0, second).LastIndexOf((byte)'\n') + 1;
        for (var cut = last; cut < bytes.Length; cut++)
        {
            _disk.Put(Path, bytes.AsSpan(0, cut));
            using var store = CheckpointFile.Open(_disk, Path);
            Assert.Equal(2, store.Load("cars/0")?.Offset);
        }

        for (var at = 0; at < last - 1; at++)
        {
            _disk.Put(Path, bytes);
            _disk.FlipBit(Path, at);
            var e = Assert.Throws<FaultException>(() => CheckpointFile.Open(_disk, Path));
            Assert.Equal(Fault.Corrupt, e.Fault);
            Assert.Contains($"{Path}, byte", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("garbage")]
    [InlineData("00000000 []\n")]
    public void A_file_of_garbage_alone_holds_no_checkpoints(string text)
    {
        _disk.Put(Path, Encoding.UTF8.GetBytes(text));
        using var store = CheckpointFile.Open(_disk, Path);
        store.Save("cars/0", new Checkpoint(1, default));
        Assert.Equal(1, store.Load("cars/0")?.Offset);
    }

    [Fact]
    public void A_disk_that_refuses_is_unavailable_and_the_next_save_goes_on()
    {
        using (var store = CheckpointFile.Open(_disk, Path))
        {
            store.Save("cars/0", new Checkpoint(1, default));
            _disk.FailSyncs(2);
            for (var i = 0; i < 2; i++)
                Assert.Equal(Fault.Unavailable, Assert.Throws<FaultException>(() => store.Save("cars/0", new Checkpoint(2, default))).Fault);
            Assert.Equal(1, store.Load("cars/0")?.Offset);
            store.Save("cars/0", new Checkpoint(3, default));
        }

        using var again = CheckpointFile.Open(_disk, Path);
        Assert.Equal(3, again.Load("cars/0")?.Offset);
    }

    private static void Save(
        Random random, CrashingDisk disk, CheckpointFile store, Dictionary<string, long> saved, Dictionary<string, long> tried)
    {
        var key = $"flow/{random.Next(4)}";
        tried[key] = Math.Max(tried.GetValueOrDefault(key), saved.GetValueOrDefault(key)) + 1;
        if (random.Next(10) == 0) disk.FailSyncs(1);
        try
        {
            store.Save(key, new Checkpoint(tried[key], default));
            saved[key] = tried[key];
        }
        catch (FaultException) when (!disk.Crashed)
        {
            // The sync failed: it may be there or not.
        }
    }
}
