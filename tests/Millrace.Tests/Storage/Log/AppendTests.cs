using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Storage.Log;

public sealed class AppendTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task A_record_stands_where_its_append_said_also_after_a_restart()
    {
        for (var life = 0; life < 2; life++)
        {
            await using var log = new LogUnderTest(_disk);
            for (var i = 0; i < 100; i++)
            {
                log.Partition.TryAppend(Some.Message(i).AsRecord(), null, out var offset);
                Assert.Equal((life * 100) + i, offset);
                if (i % 7 == 0) log.Store.CommitNow();
            }

            log.Store.CommitNow();
            Assert.Equal((life + 1) * 100, log.Partition.End);
        }
    }

    [Fact]
    public async Task Records_come_back_as_they_were_in_order_and_without_gaps()
    {
        var random = new Random(1);
        Message[] messages = [.. Enumerable.Range(0, 300).Select(_ => Some.Message(random))];
        await using (var log = new LogUnderTest(_disk))
        {
            foreach (var some in messages.Chunk(7)) log.Write(some);
            log.AssertHolds(messages);
            Assert.True(log.Partition.Stats.Segments > 3);
        }

        await using var again = new LogUnderTest(_disk);
        again.AssertHolds(messages);
    }

    [Fact]
    public async Task Nothing_can_be_read_before_it_is_committed()
    {
        await using var log = new LogUnderTest(_disk);
        log.Partition.TryAppend(Some.Message().AsRecord(), null);

        using var batch = new RecordBatch();
        Assert.False(log.Partition.TryRead(0, batch));
        Assert.Equal(0, log.Partition.End);
        Assert.True(log.Partition.Stats.PendingBytes > 0);

        log.Store.CommitNow();
        Assert.True(log.Partition.TryRead(0, batch));
        Assert.Equal(0, log.Partition.Stats.PendingBytes);
    }

    [Fact]
    public async Task All_who_append_between_two_commits_share_one_sync()
    {
        await using var log = new LogUnderTest(_disk, new LogOptions());
        log.Write(Some.Message());
        var before = _disk.Syncs;

        Told[] sessions = [.. Enumerable.Range(0, 50).Select(_ => new Told())];
        foreach (var session in sessions)
            for (var i = 0; i < 3; i++) Assert.Equal(2, log.Partition.TryAppend(Some.Message(i).AsRecord(), session));
        log.Store.CommitNow();
        await log.Store.NotifiedAsync();

        Assert.Equal(1, _disk.Syncs - before);
        Assert.All(sessions, session => Assert.Equal([((ILogPartition)log.Partition, 2L)], session.Calls));
    }

    [Fact]
    public async Task A_listener_that_takes_turns_with_another_is_told_once_all_the_same()
    {
        await using var log = new LogUnderTest(_disk, partitions: 2);
        var (one, other) = (new Told(), new Told());
        for (var i = 0; i < 5; i++)
        {
            log.Log.Partitions[0].TryAppend(Some.Message().AsRecord(), one);
            log.Log.Partitions[0].TryAppend(Some.Message().AsRecord(), other);
            log.Log.Partitions[1].TryAppend(Some.Message().AsRecord(), one);
        }

        log.Store.CommitNow();
        await log.Store.NotifiedAsync();
        Assert.Equal(2, one.Calls.Count);
        Assert.Single(other.Calls);
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_keep_the_next_one_waiting()
    {
        await using var log = new LogUnderTest(_disk);
        var told = new Told();
        log.Partition.TryAppend(Some.Message().AsRecord(), new Throws());
        log.Partition.TryAppend(Some.Message().AsRecord(), told);
        log.Store.CommitNow();
        await log.Store.NotifiedAsync();
        Assert.Single(told.Calls);
    }

    [Fact]
    public async Task A_full_buffer_takes_nothing_until_the_next_commit()
    {
        await using var log = new LogUnderTest(_disk);
        var message = Some.Message(new string('x', 1000));
        await log.Partition.WaitForRoomAsync(TestContext.Current.CancellationToken);
        while (log.Partition.TryAppend(message.AsRecord(), null) != 0) Assert.True(log.Partition.Stats.PendingBytes <= 65536);

        var room = log.Partition.WaitForRoomAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(room.IsCompleted);
        log.Store.CommitNow();
        await room;
        Assert.Equal(2, log.Partition.TryAppend(message.AsRecord(), null));
    }

    [Fact]
    public async Task A_record_that_is_too_large_is_refused_with_the_limit_and_its_sizes()
    {
        await using var log = new LogUnderTest(_disk);
        var e = Assert.Throws<FaultException>(() => log.Partition.TryAppend(Some.Message(new string('x', 17_000)).AsRecord(), null));
        Assert.Equal(Fault.Refused, e.Fault);
        Assert.Contains("16KiB", e.Message, StringComparison.Ordinal);
        Assert.Contains("payload 17000", e.Message, StringComparison.Ordinal);

        var largest = Some.Message(new string('x', (16 * 1024) - 25)); // topic and key take 25
        log.Write(largest);
        log.AssertHolds([largest]);
    }

    [Fact]
    public async Task Topic_and_key_of_65535_bytes_fit_and_one_byte_more_does_not()
    {
        await using var log = new LogUnderTest(_disk, new LogOptions());
        var most = new byte[65535];
        var message = new Message(most, most, new byte[100_000], [], RecordFlags.Retain | RecordFlags.Qos2);
        log.Write(message);
        log.AssertHolds([message]);
        Assert.Throws<FaultException>(() => log.Partition.TryAppend(new Record { Topic = new byte[65536] }, null));
        Assert.Throws<FaultException>(() => log.Partition.TryAppend(new Record { Key = new byte[65536] }, null));
    }

    [Fact]
    public async Task A_closed_log_takes_nothing_and_ends_all_waits()
    {
        var log = new LogUnderTest(_disk);
        var records = log.Partition.WaitForRecordsAsync(0, TestContext.Current.CancellationToken).AsTask();
        await log.DisposeAsync();
        Assert.Equal(Fault.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => records)).Fault);
        Assert.Equal(Fault.Unavailable, Assert.Throws<FaultException>(() => log.Partition.TryAppend(Some.Message().AsRecord(), null)).Fault);
        Assert.Throws<FaultException>(() => log.Store.GetOrCreate("other", 1));
    }

    [Fact]
    public async Task Closing_writes_what_is_pending_and_tells_its_listeners_and_closes_all_files()
    {
        var told = new Told();
        var log = new LogUnderTest(_disk);
        log.Partition.TryAppend(Some.Message().AsRecord(), told);
        await log.DisposeAsync();
        Assert.Single(told.Calls);
        Assert.Equal(0, _disk.OpenFiles);

        await using var again = new LogUnderTest(_disk);
        again.AssertHolds([Some.Message()]);
    }

    [Fact]
    public async Task Appending_allocates_nothing_per_record()
    {
        await using var log = new LogUnderTest(_disk, new LogOptions());
        var message = Some.Message(new string('x', 150));
        var told = new Told();
        for (var warm = 0; warm < 4; warm++)
        {
            for (var i = 0; i < 10_000; i++) log.Partition.TryAppend(message.AsRecord(), told);
            log.Store.CommitNow();
            await log.Store.NotifiedAsync();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) log.Partition.TryAppend(message.AsRecord(), told);

        // A lock that another thread holds at that moment makes something to wait with, once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 9_999);
    }

    private sealed class Throws : ICommitListener
    {
        public void Committed(ILogPartition partition, long commit) => throw new InvalidOperationException("a bug");
    }
}
