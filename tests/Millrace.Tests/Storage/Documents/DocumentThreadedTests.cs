using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Storage.Documents;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Documents;

/// <summary>With the real writer thread, and others at the same time.</summary>
public sealed class DocumentThreadedTests
{
    private static readonly DocumentOptions Options = new() { RewriteFrom = ByteSize.KiB(8), RewriteStep = ByteSize.KiB(1) };
    private readonly MemoryDisk _disk = new();
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Writers_readers_and_the_journal_do_not_disturb_each_other()
    {
        const int Writers = 4, Each = 2000;
        var listeners = Enumerable.Range(0, Writers).Select(static _ => new Ordered()).ToArray();
        await using (var store = DocumentStore.Open(_disk, Options, _clock, NullLogger.Instance))
        {
            var last = new long[Writers];
            var threads = Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
            {
                for (var i = 0; i < Each; i++)
                {
                    // One document counts, the other says the same: a reader sees both or none, and so does a restart.
                    var value = BitConverter.GetBytes(i);
                    DocumentChange[] changes = [new("a", Name(writer), value), new("b", Name(writer), value), new("c", Name(i % 50), value)];
                    last[writer] = store.Write(changes, listeners[writer]);
                    Assert.Same(value, store.Find("b", Name(writer)));
                    if (i % 100 == 0) Assert.InRange(store.List("c").Count, 1, 50);
                }
            })).ToList();
            threads.ForEach(static thread => thread.Start());
            threads.ForEach(static thread => thread.Join());
            await store.DisposeAsync();
            Assert.Equal(last, listeners.Select(static listener => listener.Last));
            Assert.DoesNotContain(listeners, static listener => listener.Broken);
        }

        await using var again = DocumentStore.OpenUnthreaded(_disk, Options, _clock, NullLogger.Instance);
        for (var writer = 0; writer < Writers; writer++)
        {
            Assert.Equal(Each - 1, BitConverter.ToInt32(again.Find("a", Name(writer))));
            Assert.Equal(Each - 1, BitConverter.ToInt32(again.Find("b", Name(writer))));
        }

        Assert.Equal(50, again.List("c").Count);
        Assert.InRange(_disk.Bytes(DocumentStore.Path).Length, 1, 2_000_000);
    }

    [Fact]
    public async Task A_failing_disk_is_tried_again_when_its_time_has_come()
    {
        await using var store = DocumentStore.Open(_disk, Options, _clock, NullLogger.Instance);
        _disk.FailSyncs(3);
        var listener = new Ordered();
        store.Write([new("n", "k", [1])], listener);
        while (listener.Last == 0)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.True(store.Health.Healthy);
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Ordered : IWriteListener
    {
        private long _last;

        public long Last => Volatile.Read(ref _last);

        public bool Broken { get; private set; }

        public void Written(long number)
        {
            if (number <= _last) Broken = true;
            Volatile.Write(ref _last, number);
        }
    }
}
