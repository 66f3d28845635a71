using Millrace.Contracts.Log;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

public sealed class CrashTests
{
    private const int Partitions = 2;

    [Theory, Seeds(300)]
    public async Task What_was_acknowledged_survives_every_crash_and_nothing_else_appears(int seed)
    {
        var random = new Random(seed);
        var disk = new CrashingDisk(random);
        var clock = new ManualClock();
        var safe = Lists();
        var unsure = Lists();

        for (var life = 0; life < 8; life++)
        {
            // Some lives end while they are being recovered.
            if (random.Next(4) == 0) disk.CrashAfter(random.Next(1, 12));
            try
            {
                await using var log = new LogUnderTest(disk, Some.LogOptions, clock, Partitions);
                for (var i = 0; i < Partitions; i++) Settle(log, i, safe[i], unsure[i]);

                disk.CrashAfter(random.Next(1, 60));
                await LiveAsync(random, disk, log, safe, unsure);
            }
            catch (IOException)
            {
                Assert.True(disk.Crashed);
            }

            if (random.Next(3) == 0) disk.RestartProcess();
            else disk.Restart();
            clock.Advance(TimeSpan.FromSeconds(random.Next(-30, 90)));
        }

        disk.Capacity = long.MaxValue;
        await using var last = new LogUnderTest(disk, Some.LogOptions, clock, Partitions);
        for (var i = 0; i < Partitions; i++) Settle(last, i, safe[i], unsure[i]);
    }

    /// <summary>All that was safe is there, and behind it a beginning of what was under way; that is safe from now on.</summary>
    private static void Settle(LogUnderTest log, int partition, List<Message> safe, List<Message> unsure)
    {
        var more = (int)log.Log.Partitions[partition].End - safe.Count;
        Assert.InRange(more, 0, unsure.Count);
        safe.AddRange(unsure[..more]);
        unsure.Clear();
        log.AssertHolds(safe, log.Log.Partitions[partition]);
    }

    private static async Task LiveAsync(Random random, CrashingDisk disk, LogUnderTest log, List<Message>[] safe, List<Message>[] unsure)
    {
        var told = new Told();
        var commits = new Queue<long>[] { new(), new() };
        for (var round = 0; round < 40 && !disk.Crashed; round++)
        {
            if (random.Next(12) == 0) disk.FailSyncs(random.Next(3));
            if (random.Next(12) == 0) disk.Capacity = disk.Capacity == long.MaxValue ? random.Next(100_000) : long.MaxValue;
            for (var i = random.Next(12); i > 0; i--)
            {
                var to = random.Next(Partitions);
                var message = Some.Message(random);
                var commit = log.Log.Partitions[to].TryAppend(message.AsRecord(), told);
                if (commit == 0) continue;
                unsure[to].Add(message);
                commits[to].Enqueue(commit);
            }

            log.Clock.Advance(TimeSpan.FromMilliseconds(random.Next(-50, 200)));
            log.Store.CommitNow();
            await log.Store.NotifiedAsync();
            for (var i = 0; i < Partitions; i++) Acknowledge(log.Log.Partitions[i], told, commits[i], safe[i], unsure[i]);
            if (disk.Crashed) return;
            if (random.Next(8) > 0) continue;
            for (var i = 0; i < Partitions; i++) log.AssertHolds(safe[i], log.Log.Partitions[i]);
        }
    }

    private static void Acknowledge(LogPartition partition, Told told, Queue<long> commits, List<Message> safe, List<Message> unsure)
    {
        var done = 0;
        while (commits.TryPeek(out var commit) && commit <= told.Last(partition))
        {
            commits.Dequeue();
            done++;
        }

        safe.AddRange(unsure[..done]);
        unsure.RemoveRange(0, done);
    }

    private static List<Message>[] Lists() => [.. Enumerable.Range(0, Partitions).Select(static _ => new List<Message>())];
}
