using Millrace.Contracts.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

public sealed class FailingDiskTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task A_full_disk_stops_acknowledging_says_so_and_recovers_by_itself()
    {
        await using var log = new LogUnderTest(_disk);
        log.WriteNumbers(0, 5);
        var told = new Told();
        _disk.Capacity = _disk.Bytes("log/ingress/0/00000000000000000000.log").Length + 40;

        log.Partition.TryAppend(Some.Message(5).AsRecord(), told);
        log.Store.CommitNow();
        log.Partition.TryAppend(Some.Message(6).AsRecord(), told);
        log.Store.CommitNow();
        Assert.Empty(told.Calls);
        log.AssertHoldsNumbers(0, 5);
        Assert.False(log.Store.Health.Healthy);
        Assert.Equal(log.Clock.GetUtcNow(), log.Store.Health.Since);
        Assert.Contains("No space left on device", log.Store.Health.Message, StringComparison.Ordinal);
        Assert.Contains("ingress/0", log.Store.Health.Message, StringComparison.Ordinal);

        _disk.Capacity = long.MaxValue;
        log.Store.CommitNow();
        log.Store.CommitNow();
        await log.Store.NotifiedAsync();
        Assert.True(log.Store.Health.Healthy);
        Assert.Equal([((ILogPartition)log.Partition, 6L), (log.Partition, 7L)], told.Calls);
        log.AssertHoldsNumbers(0, 7);
    }

    [Fact]
    public async Task While_the_disk_is_full_publishers_are_told_to_wait_and_nothing_is_dropped()
    {
        await using var log = new LogUnderTest(_disk);
        _disk.Capacity = 100;
        log.Partition.TryAppend(Some.Message(0).AsRecord(), null);
        log.Store.CommitNow();
        var taken = 1;
        while (log.Partition.TryAppend(Some.Message(taken).AsRecord(), null) != 0) taken++;
        log.Store.CommitNow();
        Assert.Equal(0, log.Partition.TryAppend(Some.Message(taken).AsRecord(), null));
        var room = log.Partition.WaitForRoomAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(room.IsCompleted);

        _disk.Capacity = long.MaxValue;
        log.Store.CommitNow();
        log.Store.CommitNow();
        await room;
        log.AssertHoldsNumbers(0, taken);
    }

    [Fact]
    public async Task One_partition_that_cannot_be_written_does_not_stop_another()
    {
        await using var log = new LogUnderTest(_disk, partitions: 2);
        log.Log.Partitions[1].TryAppend(Some.Message(0).AsRecord(), null);
        log.Store.CommitNow();
        _disk.FailSyncs(1);
        var told = new Told();
        log.Log.Partitions[0].TryAppend(Some.Message(0).AsRecord(), told);
        log.Log.Partitions[1].TryAppend(Some.Message(1).AsRecord(), told);
        log.Store.CommitNow();
        await log.Store.NotifiedAsync();
        Assert.Equal([((ILogPartition)log.Log.Partitions[1], 2L)], told.Calls);

        log.Store.CommitNow();
        await log.Store.NotifiedAsync();
        log.AssertHolds([Some.Message(0)], log.Log.Partitions[0]);
        log.AssertHolds([Some.Message(0), Some.Message(1)], log.Log.Partitions[1]);
    }

    [Fact]
    public async Task After_a_failed_fsync_the_file_is_sealed_and_the_records_go_into_a_new_one()
    {
        await using (var log = new LogUnderTest(_disk))
        {
            log.WriteNumbers(0, 2);
            var sealedAt = _disk.Bytes("log/ingress/0/00000000000000000000.log").Length;
            _disk.FailSyncs(1);
            log.Write(Some.Message(2));
            Assert.Equal(2, log.Partition.End);
            Assert.False(log.Store.Health.Healthy);

            log.Store.CommitNow();
            Assert.True(log.Store.Health.Healthy);
            log.WriteNumbers(3, 1);
            Assert.Equal(
                ["log/ingress/0/00000000000000000000.log", "log/ingress/0/00000000000000000002.log"], _disk.Paths("log/ingress/0"));
            Assert.Equal(sealedAt, _disk.Bytes("log/ingress/0/00000000000000000000.log").Length);
            log.AssertHoldsNumbers(0, 4);
        }

        await using var again = new LogUnderTest(_disk);
        again.AssertHoldsNumbers(0, 4);
    }

    [Fact]
    public async Task A_failed_fsync_of_the_very_first_frame_replaces_the_file()
    {
        await using (var log = new LogUnderTest(_disk))
        {
            log.Partition.TryAppend(Some.Message(0).AsRecord(), null);
            _disk.FailSyncs(3);
            for (var i = 0; i < 4; i++) log.Store.CommitNow();
            log.WriteNumbers(1, 2);
        }

        await using var again = new LogUnderTest(_disk);
        again.AssertHoldsNumbers(0, 3);
    }

    [Fact]
    public async Task Closing_gives_up_after_one_more_try_and_tells_nobody()
    {
        var told = new Told();
        var log = new LogUnderTest(_disk);
        log.WriteNumbers(0, 1);
        _disk.Capacity = 0;
        log.Partition.TryAppend(Some.Message(1).AsRecord(), told);
        await log.DisposeAsync();
        Assert.Empty(told.Calls);

        _disk.Capacity = long.MaxValue;
        await using var again = new LogUnderTest(_disk);
        again.AssertHoldsNumbers(0, 1);
    }
}
