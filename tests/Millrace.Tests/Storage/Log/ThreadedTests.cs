using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

/// <summary>With the real commit thread, and others at the same time.</summary>
public sealed class ThreadedTests
{
    private readonly MemoryDisk _disk = new();
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Appenders_readers_and_the_commit_thread_do_not_disturb_each_other()
    {
        const int Appenders = 4, Each = 3000;
        await using var store = LogStore.Open(_disk, Some.LogOptions with { SegmentSize = new(256 * 1024) }, _clock, NullLogger.Instance);
        var partition = store.GetOrCreate("ingress", 1).Partitions[0];

        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadAllAsync(partition, Appenders, Each))).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Appenders).Select(appender => Task.Run(() => AppendAsync(partition, appender, Each))));
        await Task.WhenAll(readers);
        Assert.Equal(Appenders * Each, partition.Stats.AppendedRecords);
    }

    [Fact]
    public async Task Commits_are_told_in_order_and_one_at_a_time()
    {
        await using var store = LogStore.Open(_disk, Some.LogOptions, _clock, NullLogger.Instance);
        var log = store.GetOrCreate("ingress", 3);
        var listener = new Ordered();
        var last = new long[3];
        for (var i = 0; i < 5000; i++)
        {
            var to = log.Partitions[i % 3];
            while ((last[i % 3] = to.TryAppend(Some.Message(i).AsRecord(), listener)) == 0) await to.WaitForRoomAsync(TestContext.Current.CancellationToken);
        }

        await store.DisposeAsync();
        Assert.False(listener.Broken);
        Assert.Equal(last, log.Partitions.Select(partition => listener.Last[partition]));
    }

    [Fact]
    public async Task A_failing_disk_is_tried_again_when_its_time_has_come()
    {
        await using var store = LogStore.Open(_disk, Some.LogOptions, _clock, NullLogger.Instance);
        var partition = store.GetOrCreate("ingress", 1).Partitions[0];
        _disk.FailSyncs(1);
        var told = new Told();
        var commit = partition.TryAppend(Some.Message().AsRecord(), told);
        var reached = told.ReachedAsync(partition, commit);
        while (!reached.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.True(store.Health.Healthy);
    }

    [Fact]
    public async Task A_commit_delay_gathers_until_it_is_over()
    {
        await using var store = LogStore.Open(_disk, Some.LogOptions with { CommitDelay = TimeSpan.FromMilliseconds(5) }, _clock, NullLogger.Instance);
        var partition = store.GetOrCreate("ingress", 1).Partitions[0];
        var told = new Told();
        for (var i = 0; i < 100; i++) Assert.Equal(1, partition.TryAppend(Some.Message(i).AsRecord(), told));
        var reached = told.ReachedAsync(partition, 1);
        while (!reached.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        Assert.Equal(1, partition.Stats.Commits);
    }

    [Fact]
    public async Task A_batch_larger_than_the_buffer_is_appended_in_pieces()
    {
        await using var store = LogStore.Open(_disk, Some.LogOptions, _clock, NullLogger.Instance);
        var partition = store.GetOrCreate("stream", 1).Partitions[0];
        using var batch = new RecordBatch();
        for (var i = 0; i < 5000; i++) batch.Add(Some.Message(i).AsRecord());
        await partition.AppendAsync(batch, static (_, reason) => Assert.Fail(reason), TestContext.Current.CancellationToken);
        Assert.Equal(5000, partition.End);
    }

    private static async Task AppendAsync(LogPartition partition, int appender, int count)
    {
        for (var i = 0; i < count; i++)
            while (partition.TryAppend(Some.Message($"{appender} {i}").AsRecord(), null) == 0) await partition.WaitForRoomAsync(TestContext.Current.CancellationToken);
    }

    private static async Task ReadAllAsync(LogPartition partition, int appenders, int each)
    {
        using var batch = new RecordBatch();
        var next = new int[appenders];
        for (var offset = 0L; offset < appenders * each;)
        {
            await partition.WaitForRecordsAsync(offset, TestContext.Current.CancellationToken);
            batch.Clear();
            Assert.True(partition.TryRead(offset, batch));
            for (var i = 0; i < batch.Count; i++)
            {
                Assert.Equal(offset++, batch[i].Offset);
                var parts = Encoding.UTF8.GetString(batch[i].Payload).Split(' ');
                var appender = int.Parse(parts[0], CultureInfo.InvariantCulture);
                Assert.Equal(next[appender]++, int.Parse(parts[1], CultureInfo.InvariantCulture));
            }
        }
    }

    private sealed class Ordered : ICommitListener
    {
        private int _inside;

        public Dictionary<ILogPartition, long> Last { get; } = [];

        public bool Broken { get; private set; }

        public void Committed(ILogPartition partition, long commit)
        {
            if (Interlocked.Increment(ref _inside) != 1) Broken = true;
            if (Last.TryGetValue(partition, out var last) && commit <= last) Broken = true;
            Last[partition] = commit;
            Interlocked.Decrement(ref _inside);
        }
    }
}
