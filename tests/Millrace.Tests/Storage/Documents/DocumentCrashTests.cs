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
        for (var round = 0; round < 60 && !disk.Crashed; round++)
        {
            if (random.Next(12) == 0) disk.FailSyncs(random.Next(3));
            if (random.Next(12) == 0) disk.Capacity = disk.Capacity == long.MaxValue ? random.Next(20_000) : long.MaxValue;
            for (var i = random.Next(6); i > 0; i--) Write(random, documents, model);
            documents.Store.CommitNow();
            model.AssertSeen(documents.Store);
        }

        interrupted.Interrupt = null;
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
