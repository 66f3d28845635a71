using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

/// <summary>Logs that go over to other keys, take other records, and go.</summary>
public sealed class LogChangesTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task A_stream_of_before_goes_over_to_MD5_with_all_its_records_and_stays_there()
    {
        await using (var log = new LogUnderTest(_disk, partitions: 4))
        {
            log.Log.PartitionFor("sensor-1"u8).TryAppend(Some.Message("old").AsRecord(), null, out _);
            log.Store.CommitNow();
        }

        foreach (var routing in new[] { LogRouting.Md5, LogRouting.Md5, LogRouting.Crc })
        {
            await using var log = new LogUnderTest(_disk, partitions: 4, routing: routing);
            Assert.Equal(LogRouting.Md5, log.Log.Routing);
            Assert.Equal(3, log.Log.PartitionFor("sensor-1"u8).Index);
            Assert.Equal(1, log.Log.Partitions.Sum(static one => one.End));
        }
    }

    [Fact]
    public async Task The_largest_record_is_what_the_log_is_told_and_counts_payload_and_key()
    {
        await using var log = new LogUnderTest(_disk);
        log.Log.Limit(new LogLimits(ByteSize.KiB(20)));
        log.Write(Some.Message(new string('x', (20 * 1024) - 3), key: "key"));
        var refused = Assert.Throws<FaultException>(() => log.Partition.TryAppend(Some.Message(new string('x', (20 * 1024) - 2), key: "key").AsRecord(), null, out _));
        Assert.Equal(Fault.Refused, refused.Fault);
        Assert.Contains("20KiB", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_log_refuses_and_can_be_made_anew()
    {
        await using var log = new LogUnderTest(_disk, partitions: 2);
        log.WriteNumbers(0, 200);
        var waiting = log.Partition.WaitForRecordsAsync(200, TestContext.Current.CancellationToken).AsTask();
        Assert.True(await log.Store.DeleteAsync("ingress"));
        Assert.False(await log.Store.DeleteAsync("ingress"));
        Assert.Equal(Fault.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => waiting)).Fault);
        Assert.Equal(Fault.Unavailable, Assert.Throws<FaultException>(() => log.Partition.TryAppend(Some.Message().AsRecord(), null, out _)).Fault);
        using var batch = new RecordBatch();
        Assert.False(log.Partition.TryRead(0, batch));
        Assert.Empty(_disk.Paths("log"));

        var anew = log.Store.GetOrCreate("ingress", 3);
        Assert.Equal((3, 0), (anew.Partitions.Count, anew.Partitions[0].End));
        anew.Partitions[0].TryAppend(Some.Message().AsRecord(), null, out _);
        log.Store.CommitNow();
        Assert.Equal(1, anew.Partitions[0].End);
    }

    [Fact]
    public async Task What_was_taken_before_the_deletion_is_still_told()
    {
        await using var log = new LogUnderTest(_disk);
        var told = new Told();
        log.Partition.TryAppend(Some.Message().AsRecord(), told, out _);
        await log.Store.DeleteAsync("ingress");
        await log.Store.NotifiedAsync();
        Assert.Single(told.Calls);
    }

    [Theory, Seeds(300)]
    public async Task A_deletion_that_a_crash_cuts_short_is_whole_or_has_not_begun(int seed)
    {
        var random = new Random(seed);
        var disk = new CrashingDisk(random);
        await using (var log = new LogUnderTest(disk)) log.WriteNumbers(0, 60);
        for (var life = 0; life < 4; life++)
        {
            disk.CrashAfter(random.Next(1, 20));
            try
            {
                await using var log = new LogUnderTest(disk);
                Assert.True(log.Partition.End is 0 or 60);
                await log.Store.DeleteAsync("ingress");
            }
            catch (FaultException ended) when (ended.Fault == Fault.Unavailable)
            {
                Assert.True(disk.Crashed);
            }

            disk.Restart();
        }

        await using var last = new LogUnderTest(disk);
        last.AssertHoldsNumbers(0, last.Partition.End > 0 ? 60 : 0);
    }

    [Fact]
    public void A_disk_that_refuses_at_the_start_is_told_with_its_file()
    {
        _disk.Capacity = 10;
        var told = Assert.Throws<FaultException>(() => new LogUnderTest(_disk));
        Assert.Equal(Fault.Unavailable, told.Fault);
        Assert.Contains("log/ingress", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_behind_a_record_are_told_about_as_they_are()
    {
        await using var log = new LogUnderTest(_disk);
        log.WriteNumbers(0, 400);
        var all = log.Partition.Stats.BytesOnDisk;
        Assert.InRange(log.Partition.BytesFrom(0), all * 0.9, all);
        Assert.InRange(log.Partition.BytesFrom(200), all * 0.4, all * 0.6);
        Assert.Equal(0, log.Partition.BytesFrom(400));
    }

    [Fact]
    public async Task Verifying_names_each_kind_of_fault_with_file_and_byte()
    {
        await using (var log = new LogUnderTest(_disk, partitions: 2)) log.WriteNumbers(0, 300);
        Assert.Empty(Verify(_disk, out var whole));
        Assert.Equal((1, 1, 300L), (whole.Logs, whole.Partitions, whole.Records));
        var files = _disk.Paths("log/ingress/0");
        AssertFault(files[0], static (disk, path) => disk.FlipBit(path, 100));
        AssertFault(files[0], static (disk, path) => disk.FlipBit(path, 3));
        AssertFault(files[0], static (disk, path) => disk.Put(path, disk.Bytes(path).AsSpan(0, 1000)));
        AssertFault(files[0], static (disk, path) => disk.Delete(disk.Paths("log/ingress/0")[1]));
        AssertFault("log/ingress/log.json", static (disk, path) => disk.Put(path, "{}"u8));
        AssertFault("log/ingress/log.json", static (disk, path) => disk.Delete(path));
        AssertFault("log/ingress/5", (disk, path) => disk.Put($"{path}/0.log", _disk.Bytes(files[0])));

        var torn = _disk.Copy();
        torn.Put(files[^1], torn.Bytes(files[^1]).AsSpan()[..^1]);
        Assert.False(Assert.Single(Verify(torn, out _)).IsDamage);
    }

    private void AssertFault(string path, Action<MemoryDisk, string> spoil)
    {
        var disk = _disk.Copy();
        spoil(disk, path);
        Assert.Contains(Verify(disk, out var report), fault => fault.IsDamage && fault.Path == path);
        Assert.True(report.Damages > 0);
    }

    private static List<LogFault> Verify(MemoryDisk disk, out LogVerifyReport report)
    {
        var faults = new List<LogFault>();
        report = new LogVerify(disk, faults.Add).Run();
        return faults;
    }
}
