using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Tables;
using Millrace.Storage.Files;
using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series;

/// <summary>Crashes, replays, failing disks, retention: each row once, and rows and checkpoints together.</summary>
public sealed class RecoveryTests
{
    private const long Now = SeriesRig.Now;

    private static IEnumerable<Point> Points(int from, int count) =>
        Enumerable.Range(from, count).Select(static i => SeriesRig.Speed($"car{i % 10}", i, Now - (1000 * SeriesRig.Second) + (i / 10)));

    [Fact]
    public async Task After_a_crash_rows_and_checkpoint_are_those_of_the_last_move_and_a_replay_ends_the_same()
    {
        using var rig = new SeriesRig();
        Assert.Null(rig.Store.CheckpointOf(SeriesRig.Flow));
        rig.Write(Points(0, 100));
        await rig.MoveAsync();
        rig.Write(Points(100, 50));
        Assert.Equal(150, rig.Store.CheckpointOf(SeriesRig.Flow)!.Value.Offset);
        Assert.Equal(150, await rig.CountAsync());

        rig.Reopen();
        Assert.Equal(new Checkpoint(100, new FlowCounts { Examined = 100 }), rig.Store.CheckpointOf(SeriesRig.Flow));
        Assert.Equal(100, await rig.CountAsync());
        var outcomes = rig.Write(Points(100, 50));
        Assert.Empty(outcomes.AbsorbedRecords);
        Assert.Equal(150, await rig.CountAsync());
        Assert.Equal(50, rig.Write(Points(100, 50)).AbsorbedRecords.Count);
        Assert.Equal(150, await rig.CountAsync());
    }

    [Fact]
    public async Task A_flow_that_stands_between_writing_and_saying_so_holds_up_the_seal()
    {
        using var rig = new SeriesRig();
        rig.Write(Points(0, 10));
        rig.Fill(Points(10, 10));
        var move = rig.MoveAsync();
        Assert.False(move.IsCompleted);
        Assert.Equal(20, rig.Store.Stats.HotRows);
        rig.Settle();
        await move;
        rig.Reopen();
        Assert.Equal(20, rig.Store.CheckpointOf(SeriesRig.Flow)!.Value.Offset);
        Assert.Equal(20, await rig.CountAsync());

        rig.Fill(Points(20, 10));
        move = rig.MoveAsync();
        rig.Store.Abandoned(SeriesRig.Flow);
        await move;
        rig.Reopen();
        Assert.Equal(20, rig.Store.CheckpointOf(SeriesRig.Flow)!.Value.Offset);
        Assert.Equal(10, rig.Write(Points(20, 10)).AbsorbedRecords.Count);
        Assert.Equal(30, await rig.CountAsync());
    }

    [Fact]
    public async Task Files_of_a_move_that_did_not_reach_the_manifest_are_deleted_at_the_next_start()
    {
        var disk = default(BreakableDisk);
        using var rig = new SeriesRig(disk: real => disk = new BreakableDisk(real));
        rig.Write(Points(0, 10));
        await rig.MoveAsync();
        rig.Write(Points(10, 10));
        disk!.Broken = static path => path.Contains("manifest", StringComparison.Ordinal);
        var failed = await Assert.ThrowsAsync<FaultException>(rig.MoveAsync);
        Assert.Equal(Fault.Unavailable, failed.Fault);
        Assert.False(rig.Store.Health.Healthy);
        Assert.Contains("no space left", rig.Store.Health.Message, StringComparison.Ordinal);
        Assert.Equal(20, await rig.CountAsync());
        Assert.Equal(2, Files(rig).Length);

        disk.Broken = null;
        rig.Reopen();
        Assert.Single(Files(rig));
        Assert.Equal(10, await rig.CountAsync());
        rig.Write(Points(10, 10));
        await rig.MoveAsync();
        Assert.Equal(20, await rig.CountAsync());
    }

    [Fact]
    public async Task A_move_that_failed_is_tried_again_and_loses_nothing()
    {
        var disk = default(BreakableDisk);
        using var rig = new SeriesRig(disk: real => disk = new BreakableDisk(real));
        rig.Write(Points(0, 10));
        disk!.Broken = static _ => true;
        await Assert.ThrowsAsync<FaultException>(rig.MoveAsync);
        rig.Write(Points(10, 10));
        Assert.Equal(20, await rig.CountAsync());
        disk.Broken = null;
        await rig.MoveAsync();
        Assert.True(rig.Store.Health.Healthy);
        Assert.Equal(20, await rig.CountAsync());
        rig.Reopen();
        Assert.Equal(20, await rig.CountAsync());
    }

    [Fact]
    public async Task While_files_cannot_be_written_memory_is_bounded_and_writers_are_told_to_wait()
    {
        var disk = default(BreakableDisk);
        using var rig = new SeriesRig(new SeriesOptions { Threads = 1, MoveRows = 1000, MaxHotFactor = 2 }, real => disk = new BreakableDisk(real));
        disk!.Broken = static _ => true;
        rig.Write(Points(0, 1000));
        await Assert.ThrowsAsync<FaultException>(rig.MoveAsync);
        rig.Write(Points(1000, 1000));
        var full = Assert.Throws<FaultException>(() => rig.Write(Points(2000, 10)));
        Assert.Equal(Fault.Unavailable, full.Fault);
        Assert.Contains("2000 rows in memory", full.Message, StringComparison.Ordinal);
        disk.Broken = null;
        await rig.MoveAsync();
        rig.Write(Points(2000, 10));
        Assert.Equal(2010, await rig.CountAsync());
    }

    [Fact]
    public async Task Age_and_number_of_rows_move_rows_to_files()
    {
        using var rig = new SeriesRig(new SeriesOptions { Threads = 1, MoveRows = 1000, MoveAge = TimeSpan.FromMinutes(5) });
        rig.Write(Points(0, 10));
        rig.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(0, rig.Store.Stats.Moves);
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        await rig.MoveAsync();
        Assert.Equal(1, rig.Store.Stats.Moves);
        rig.Write(Points(10, 990));
        rig.Write(Points(1000, 20));
        await rig.MoveAsync();
        Assert.Equal((0L, 1020L), (rig.Store.Stats.HotRows, rig.Store.Stats.ColdRows));
        Assert.InRange(rig.Store.Stats.Moves, 2, 3);
    }

    [Fact]
    public async Task Checkpoints_move_on_though_no_row_came()
    {
        using var rig = new SeriesRig();
        rig.Store.Reached("quiet/0", new Checkpoint(7, default));
        await rig.MoveAsync();
        rig.Reopen();
        Assert.Equal(7, rig.Store.CheckpointOf("quiet/0")!.Value.Offset);
    }

    [Fact]
    public async Task Retention_drops_whole_files_and_only_those()
    {
        using var rig = new SeriesRig();
        rig.Store.Declare(SeriesRig.Fleet, new TableOptions { Retention = TimeSpan.FromDays(3) });
        rig.Write(Enumerable.Range(0, 3).Select(static day => SeriesRig.Speed("a", day, Now - (day * SeriesRig.Day) - 1)));
        rig.Write(SeriesRig.Speed("b", 1, Now) with { Table = new TableName("fleet", "kept") });
        await rig.MoveAsync();
        Assert.Equal(4, Files(rig).Length);

        rig.Clock.Advance(TimeSpan.FromDays(1.5));
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        await rig.Store.MoveAsync(TestContext.Current.CancellationToken);
        await rig.SettledAsync();
        Assert.Equal(["0", "1"], await rig.LinesAsync("SELECT \"measure_value::double\" FROM fleet.telemetry ORDER BY 1"));
        Assert.Equal(3, Files(rig).Length);
        rig.Reopen();
        Assert.Equal(2, await rig.CountAsync());
    }

    [Fact]
    public async Task Many_small_moves_keep_names_in_few_files()
    {
        using var rig = new SeriesRig();
        for (var i = 0; i < 40; i++)
        {
            rig.Write(SeriesRig.Speed($"car{i}", i, Now - 100 + i), SeriesRig.Speed("all", i, Now - 100 + i));
            await rig.MoveAsync();
        }

        Assert.InRange(rig.Disk.List("series/names").Count, 1, 17);
        rig.Reopen();
        Assert.Equal((80L, 41L), (await rig.CountAsync(), rig.Store.Stats.Series));
        Assert.Single(rig.Write(SeriesRig.Speed("car7", 7, Now - 93)).AbsorbedRecords);
    }

    [Fact]
    public async Task A_damaged_or_missing_file_stops_the_start_and_is_named()
    {
        var rig = new SeriesRig();
        using (rig)
        {
            rig.Write(Points(0, 10));
            await rig.MoveAsync();
            var names = rig.FullPath("series/names/" + Assert.Single(rig.Disk.List("series/names")));
            var bytes = await File.ReadAllBytesAsync(names, TestContext.Current.CancellationToken);
            bytes[^1] ^= 1;
            await File.WriteAllBytesAsync(names, bytes, TestContext.Current.CancellationToken);
            var broken = Assert.Throws<FaultException>(rig.Reopen);
            Assert.Equal(Fault.Corrupt, broken.Fault);
            Assert.Contains($"{Path.GetFileName(names)} cannot be read: its checksum is wrong", broken.Message, StringComparison.Ordinal);
            File.Delete(names);
            Assert.Contains("is missing", Assert.Throws<FaultException>(rig.Reopen).Message, StringComparison.Ordinal);
            File.WriteAllText(rig.FullPath("series/manifest.json"), "{\"format\": 1, ");
            Assert.Equal(Fault.Corrupt, Assert.Throws<FaultException>(rig.Reopen).Fault);
            File.WriteAllText(rig.FullPath("series/manifest.json"), "{\"format\": 3}");
            Assert.Contains("has format 3", Assert.Throws<FaultException>(rig.Reopen).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_query_that_counts_while_rows_are_written_and_moved_sees_each_row_once()
    {
        using var rig = new SeriesRig(new SeriesOptions { Threads = 2, MoveRows = 4000 });
        rig.Store.Declare(SeriesRig.Fleet, new TableOptions { Dimensions = ["vin"] });
        var (shown, written, done) = (0L, 0L, false);
        var writer = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 120; i++)
                {
                    Volatile.Write(ref written, (i + 1) * 500L);
                    rig.Write(Points(i * 500, 500));
                    Volatile.Write(ref shown, (i + 1) * 500L);
                }

                Volatile.Write(ref done, true);
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var (last, queries) = (0L, 0);
        while (!Volatile.Read(ref done) && !writer.IsFaulted)
        {
            var least = Volatile.Read(ref shown);
            var row = (await rig.RowsAsync("SELECT count(*), count(DISTINCT (vin, time)) FROM fleet.telemetry"))[0];
            var most = Volatile.Read(ref written);
            Assert.Equal(row[0], row[1]);
            Assert.InRange((long)row[0]!, Math.Max(least, last), most);
            last = (long)row[0]!;
            queries++;
        }

        await writer;
        Assert.Equal(60_000, await rig.CountAsync());
        Assert.True(rig.Store.Stats.Moves > 3, $"{rig.Store.Stats.Moves} moves, {queries} queries");
    }

    private static string[] Files(SeriesRig rig) => Directory.GetFiles(rig.FullPath("series/tables"), "*.blocks", SearchOption.AllDirectories);

    /// <summary>Refuses to sync what a test names, as a full disk does.</summary>
    private sealed class BreakableDisk(IDisk disk) : IDisk
    {
        public Func<string, bool>? Broken { get; set; }

        public long FreeBytes => disk.FreeBytes;

        public IFile Open(string path) => Broken?.Invoke(path) == true ? throw new IOException("no space left on device") : disk.Open(path);

        public bool Exists(string path) => disk.Exists(path);

        public IReadOnlyList<string> List(string directory) => disk.List(directory);

        public void Rename(string from, string to) => disk.Rename(from, to);

        public void Delete(string path) => disk.Delete(path);

        public void SyncDirectory(string directory) => disk.SyncDirectory(directory);
    }
}
