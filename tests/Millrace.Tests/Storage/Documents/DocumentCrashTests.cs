using System.Globalization;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Documents;

public sealed class DocumentCrashTests
{
    [Theory, Seeds(300)]
    public async Task What_was_told_as_written_survives_every_crash_and_a_write_is_there_whole_or_not_at_all(int seed)
    {
        var random = new Random(seed);
        var disk = new CrashingDisk(random);
        var model = new DocumentModel();
        for (var life = 0; life < 8; life++)
        {
            // Some lives end while they are being recovered.
            if (random.Next(4) == 0) disk.CrashAfter(random.Next(1, 6));
            try
            {
                var interrupted = new InterruptedDisk(disk);
                await using var documents = new DocumentsUnderTest(interrupted);
                model.Settle(documents.Store);
                disk.CrashAfter(random.Next(1, 120));
                Live(random, disk, interrupted, documents, model);
                // A process that is killed does not close.
                if (random.Next(3) > 0) End(random, disk);
            }
            catch (FaultException e)
            {
                Assert.Equal(Fault.Unavailable, e.Fault);
                Assert.True(disk.Crashed);
            }

            End(random, disk);
        }

        disk.Capacity = long.MaxValue;
        await using var last = new DocumentsUnderTest(disk);
        model.Settle(last.Store);
    }

    [Theory, Seeds(20)]
    public async Task A_new_journal_that_is_interrupted_anywhere_loses_nothing_when_the_power_goes_later(int seed)
    {
        for (var calls = 1; calls < 12; calls++)
        {
            var disk = new CrashingDisk(new Random(seed));
            await using (var documents = new DocumentsUnderTest(disk))
            {
                documents.CommitNumbers(0, 3);
                disk.FailSyncs(1);
                documents.Write(3);
                documents.Store.CommitNow();
                disk.CrashAfter(calls);
                documents.Store.CommitNow();
            }

            disk.RestartProcess();
            int found;
            await using (var again = new DocumentsUnderTest(disk))
            {
                found = again.Store.List("n").Count;
                Assert.InRange(found, 3, 4);
                again.CommitNumbers(found, 1);
                disk.Restart();
            }

            await using var last = new DocumentsUnderTest(disk);
            last.AssertHoldsNumbers(0, found + 1);
        }
    }

    [Theory, Seeds(20)]
    public async Task A_journal_whose_name_could_not_be_synced_is_not_relied_on(int seed)
    {
        var disk = new CrashingDisk(new Random(seed));
        var interrupted = new InterruptedDisk(disk);
        await using (var documents = new DocumentsUnderTest(interrupted))
        {
            documents.CommitNumbers(0, 50);
            var failed = false;
            interrupted.InterruptNames = () =>
            {
                failed = true;
                throw new IOException("Input/output error");
            };
            for (var i = 0; !failed; i++) documents.CommitNumbers(i % 50, 1);
            Assert.False(documents.Store.Health.Healthy);

            interrupted.InterruptNames = null;
            documents.Write(50, documents.Told.Listener("A"));
            documents.Store.CommitNow();
            Assert.Single(documents.Told.Calls);
            disk.Restart();
        }

        await using var again = new DocumentsUnderTest(disk);
        again.AssertHoldsNumbers(0, 51);
    }

    [Theory, Seeds(20)]
    public async Task At_every_moment_the_disk_says_what_was_so_after_some_write(int seed)
    {
        var random = new Random(seed);
        var disk = new MemoryDisk();
        var interrupted = new InterruptedDisk(disk);
        await using var documents = new DocumentsUnderTest(interrupted);
        interrupted.Interrupt = () =>
        {
            AssertPairs(disk.Copy());
            WritePair(random, documents);
        };
        for (var round = 0; round < 100; round++)
        {
            WritePair(random, documents);
            documents.Store.CommitNow();
            AssertPairs(disk.Copy());
        }

        interrupted.Interrupt = null;
    }

    /// <summary>One key in two collections, which a new journal copies at different times.</summary>
    private static void WritePair(Random random, DocumentsUnderTest documents)
    {
        var (key, value) = (random.Next(30).ToString(CultureInfo.InvariantCulture), new byte[20]);
        random.NextBytes(value);
        documents.Store.Write([new("a", key, value), new("b", key, value)], null);
    }

    private static void AssertPairs(MemoryDisk disk)
    {
        var documents = new DocumentsUnderTest(disk).Store;
        Assert.Equal(documents.List("a").SelectMany(Flat), documents.List("b").SelectMany(Flat));

        static IEnumerable<byte> Flat(KeyValuePair<string, byte[]> document) => [.. System.Text.Encoding.UTF8.GetBytes(document.Key), .. document.Value];
    }

    private static void End(Random random, CrashingDisk disk)
    {
        if (random.Next(3) == 0) disk.RestartProcess();
        else disk.Restart();
    }

    private static void Live(Random random, CrashingDisk disk, InterruptedDisk interrupted, DocumentsUnderTest documents, DocumentModel model)
    {
        interrupted.Interrupt = () =>
        {
            if (random.Next(4) == 0) Write(random, documents, model);
        };
        interrupted.InterruptNames = () =>
        {
            if (random.Next(8) == 0) throw new IOException("Input/output error");
        };
        for (var round = 0; round < 60 && !disk.Crashed; round++)
        {
            if (random.Next(12) == 0) disk.FailSyncs(random.Next(3));
            if (random.Next(12) == 0) disk.Capacity = disk.Capacity == long.MaxValue ? random.Next(20_000) : long.MaxValue;
            for (var i = random.Next(6); i > 0; i--) Write(random, documents, model);
            documents.Store.CommitNow();
            model.AssertSeen(documents.Store);
        }

        (interrupted.Interrupt, interrupted.InterruptNames) = (null, null);
    }

    private static void Write(Random random, DocumentsUnderTest documents, DocumentModel model)
    {
        var changes = Enumerable.Range(0, random.Next(5)).Select(_ => Change(random)).ToArray();
        try
        {
            Assert.Equal(model.Written + 1, documents.Store.Write(changes, random.Next(3) == 0 ? null : model));
            model.Add(changes);
        }
        catch (FaultException e)
        {
            Assert.Equal(Fault.Unavailable, e.Fault);
        }
    }

    private static DocumentChange Change(Random random)
    {
        var value = random.Next(4) == 0 ? null : new byte[random.Next(random.Next(10) == 0 ? 1500 : 60)];
        if (value is not null) random.NextBytes(value);
        return new DocumentChange(DocumentModel.Collections[random.Next(3)], random.Next(15).ToString(CultureInfo.InvariantCulture), value);
    }
}
