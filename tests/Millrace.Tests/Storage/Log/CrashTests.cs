using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Storage.Files;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

public sealed class CrashTests
{
    private const int Partitions = 3;

    [Theory, Seeds(1000)]
    public async Task What_was_acknowledged_survives_every_crash_and_nothing_else_appears(int seed)
    {
        var random = new Random(seed);
        var disk = new CrashingDisk(random);
        var clock = new ManualClock();
        var safe = Lists();
        var unsure = Lists();
        var options = Some.LogOptions with { MaxBytes = random.Next(2) == 0 ? ByteSize.KiB(12) : null };

        for (var life = 0; life < 8; life++)
        {
            // Some lives end while they are being recovered.
            if (random.Next(4) == 0) disk.CrashAfter(random.Next(1, 12));
            try
            {
                await using var log = new LogUnderTest(disk, options, clock, Partitions);
                for (var i = 0; i < Partitions; i++) Settle(log, i, safe[i], unsure[i]);

                disk.CrashAfter(random.Next(1, 60));
                await LiveAsync(random, disk, log, safe, unsure);
            }
            catch (FaultException ended) when (ended.Fault == Fault.Unavailable)
            {
                Assert.True(disk.Crashed);
            }

            if (random.Next(3) == 0) disk.RestartProcess();
            else disk.Restart();
            clock.Advance(TimeSpan.FromSeconds(random.Next(-30, 90)));
        }

        disk.Capacity = long.MaxValue;
        await using var last = new LogUnderTest(disk, options, clock, Partitions);
        for (var i = 0; i < Partitions; i++) Settle(last, i, safe[i], unsure[i]);
        Assert.Empty(Faults(disk));
    }

    /// <summary>All that was safe is there, and behind it a beginning of what was under way; that is safe from now on.</summary>
    private static void Settle(LogUnderTest log, int partition, List<Message> safe, List<Message> unsure)
    {
        var more = (int)log.Log.Partitions[partition].End - safe.Count;
        Assert.InRange(more, 0, unsure.Count);
        safe.AddRange(unsure[..more]);
        unsure.Clear();
        AssertHolds(log, partition, safe);
    }

    private static void AssertHolds(LogUnderTest log, int partition, List<Message> safe) =>
        log.AssertHolds(safe[(int)log.Log.Partitions[partition].Start..], log.Log.Partitions[partition]);

    private static List<LogFault> Faults(IDisk disk)
    {
        var faults = new List<LogFault>();
        new LogVerify(disk, faults.Add).Run();
        return faults;
    }

    private static async Task LiveAsync(Random random, CrashingDisk disk, LogUnderTest log, List<Message>[] safe, List<Message>[] unsure)
    {
        var told = new Told();
        Queue<long>[] commits = [.. Enumerable.Range(0, Partitions).Select(static _ => new Queue<long>())];
        for (var round = 0; round < 40 && !disk.Crashed; round++)
        {
            if (random.Next(12) == 0) disk.FailSyncs(random.Next(3));
            if (random.Next(12) == 0) disk.FailWrites(random.Next(3));
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
            for (var i = 0; i < Partitions; i++) AssertHolds(log, i, safe[i]);
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
