using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

public sealed class ReadTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task Every_reader_sees_the_same_frames_wherever_it_begins()
    {
        await using (var log = new LogUnderTest(_disk))
            for (var i = 0; i < 60; i++) log.Write([.. Enumerable.Range(i, 5).Select(Some.Message)]);

        await using var again = new LogUnderTest(_disk);
        using var batch = new RecordBatch();
        for (var offset = 299L; offset >= 0; offset--)
        {
            batch.Clear();
            Assert.True(again.Partition.TryRead(offset, batch));
            Assert.Equal((offset / 5 * 5) + 5, batch.Through);
            Assert.Equal(offset, batch[0].Offset);
            Assert.Equal(batch.Through - offset, batch.Count);
        }
    }

    [Fact]
    public async Task A_large_commit_is_several_frames_of_bounded_size()
    {
        await using var log = new LogUnderTest(_disk);
        log.Write([.. Enumerable.Range(0, 100).Select(Some.Message)]);
        using var batch = new RecordBatch();
        Assert.True(log.Partition.TryRead(0, batch));
        Assert.InRange(batch.Count, 5, 20);
        log.AssertHoldsNumbers(0, 100);
    }

    [Fact]
    public async Task Waiting_ends_for_all_when_the_record_is_committed_and_not_before()
    {
        await using var log = new LogUnderTest(_disk);
        log.Write(Some.Message());
        await log.Partition.WaitForRecordsAsync(0, TestContext.Current.CancellationToken);

        Task[] waits = [.. Enumerable.Range(0, 10).Select(_ => log.Partition.WaitForRecordsAsync(2, TestContext.Current.CancellationToken).AsTask())];
        log.Write(Some.Message());
        Assert.All(waits, wait => Assert.False(wait.IsCompleted));
        log.Write(Some.Message());
        await Task.WhenAll(waits);

        using var stop = new CancellationTokenSource();
        var stopped = log.Partition.WaitForRecordsAsync(3, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
    }

    [Fact]
    public async Task Arrivals_follow_the_clock_and_never_go_back_even_over_a_restart()
    {
        var clock = new ManualClock();
        await using (var log = new LogUnderTest(_disk, clock: clock))
        {
            log.Write(Some.Message());
            Assert.Equal(clock.NowNs, ArrivalOf(log.Partition, 0));
            clock.Advance(TimeSpan.FromHours(-1));
            log.Write(Some.Message());
            Assert.Equal(ArrivalOf(log.Partition, 0), ArrivalOf(log.Partition, 1));
        }

        await using var again = new LogUnderTest(_disk, clock: clock);
        again.Write(Some.Message());
        Assert.Equal(ArrivalOf(again.Partition, 0), ArrivalOf(again.Partition, 2));
        clock.Advance(TimeSpan.FromHours(2));
        again.Write(Some.Message());
        Assert.Equal(clock.NowNs, ArrivalOf(again.Partition, 3));
    }

    [Fact]
    public async Task Arrivals_within_one_commit_may_be_hours_apart()
    {
        await using var log = new LogUnderTest(_disk, new LogOptions());
        List<long> arrivals = [];
        for (var i = 0; i < 20; i++)
        {
            arrivals.Add(log.Clock.NowNs);
            log.Partition.TryAppend(Some.Message().AsRecord(), null);
            log.Clock.Advance(TimeSpan.FromSeconds(i));
        }

        log.Store.CommitNow();
        for (var i = 0; i < 20; i++) Assert.Equal(arrivals[i], ArrivalOf(log.Partition, i));
    }

    [Theory, Seeds(30)]
    public async Task A_time_finds_the_first_record_that_arrived_at_or_after_it(int seed)
    {
        var random = new Random(seed);
        var clock = new ManualClock();
        List<long> arrivals = [];
        await using (var log = new LogUnderTest(_disk, clock: clock))
        {
            for (var i = 0; i < 300; i++)
            {
                arrivals.Add(clock.NowNs);
                log.Partition.TryAppend(Some.Message(random).AsRecord(), null);
                clock.Advance(TimeSpan.FromMilliseconds(random.Next(3) * 10));
                if (random.Next(5) == 0) log.Store.CommitNow();
            }

            log.Store.CommitNow();
            AssertFinds(log.Partition);
        }

        await using var again = new LogUnderTest(_disk, clock: clock);
        AssertFinds(again.Partition);

        void AssertFinds(LogPartition partition)
        {
            foreach (var arrival in arrivals)
                for (var near = -1; near <= 1; near++)
                {
                    var first = arrivals.FindIndex(one => one >= arrival + near);
                    Assert.Equal(first < 0 ? 300 : first, partition.OffsetAt(arrival + near));
                }

            Assert.Equal(0, partition.OffsetAt(0));
            Assert.Equal(300, partition.OffsetAt(long.MaxValue));
        }
    }

    [Fact]
    public async Task An_empty_partition_answers_every_question()
    {
        await using var log = new LogUnderTest(_disk);
        using var batch = new RecordBatch();
        Assert.False(log.Partition.TryRead(0, batch));
        Assert.False(log.Partition.TryRead(long.MaxValue, batch));
        Assert.Equal(0, log.Partition.OffsetAt(5));
        Assert.Equal((0, 0), (log.Partition.Start, log.Partition.End));
        Assert.Equal(0, log.Partition.Stats.Segments);
    }

    private static long ArrivalOf(LogPartition partition, long offset)
    {
        using var batch = new RecordBatch();
        Assert.True(partition.TryRead(offset, batch));
        return batch[0].ArrivalNs;
    }
}
