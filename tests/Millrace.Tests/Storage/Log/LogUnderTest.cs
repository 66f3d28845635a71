using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Storage.Files;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

/// <summary>A store without a thread of its own on a disk of the test's: commits when it is told to.</summary>
internal sealed class LogUnderTest : IAsyncDisposable
{
    public LogUnderTest(IDisk disk, LogOptions? options = null, ManualClock? clock = null, int partitions = 1, LogRouting routing = LogRouting.Crc)
    {
        Clock = clock ?? new ManualClock();
        Store = LogStore.OpenUnthreaded(disk, options ?? Some.LogOptions, Clock, NullLogger.Instance);
        Log = Store.GetOrCreate("ingress", partitions, routing);
    }

    public ManualClock Clock { get; }

    public LogStore Store { get; }

    public RecordLog Log { get; }

    public LogPartition Partition => Log.Partitions[0];

    /// <summary>Appends and commits, as one commit.</summary>
    public void Write(params Message[] messages)
    {
        foreach (var message in messages) Assert.NotEqual(0, Partition.TryAppend(message.AsRecord(), null));
        Store.CommitNow();
    }

    /// <summary>Each number its own commit.</summary>
    public void WriteNumbers(int from, int count)
    {
        for (var i = from; i < from + count; i++) Write(Some.Message(i));
    }

    /// <summary>Reads all there is, and asserts that it stands there without gaps or repetitions and is exactly this.</summary>
    public void AssertHolds(IReadOnlyList<Message> messages, ILogPartition? partition = null)
    {
        partition ??= Partition;
        Assert.Equal(partition.Start + messages.Count, partition.End);
        using var batch = new RecordBatch();
        var offset = partition.Start;
        var arrival = 0L;
        while (partition.TryRead(offset, batch))
        {
            for (var i = 0; i < batch.Count; i++, offset++)
            {
                Assert.Equal(offset, batch[i].Offset);
                Assert.True(messages[(int)(offset - partition.Start)].Is(batch[i]), $"record {offset} is another one");
                Assert.True(batch[i].ArrivalNs >= arrival);
                arrival = batch[i].ArrivalNs;
            }

            Assert.Equal(offset, batch.Through);
            batch.Clear();
        }

        Assert.Equal(partition.End, offset);
    }

    public void AssertHoldsNumbers(int from, int count) => AssertHolds([.. Enumerable.Range(from, count).Select(Some.Message)]);

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
