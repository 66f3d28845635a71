using System.Text.Json;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>Reads the journal of documents and the checkpoints of a data directory, and reports what is not as it was written. Changes nothing.</summary>
public sealed class DocumentVerify(IDisk disk, Action<DiskFault> found)
{
    public void RunCheckpoints() => Guard(CheckpointFile.Name, VerifyCheckpoints);

    public void RunDocuments()
    {
        Guard(DocumentStore.Path, VerifyJournal);
        foreach (var name in disk.List("documents"))
        {
            var path = $"documents/{name}";
            if (path == JournalRewrite.UnfinishedOf(DocumentStore.Path)) found(DiskFault.At(path, 0, "a new journal that was not finished; the next start removes it", isDamage: false));
            else if (path != DocumentStore.Path) found(DiskFault.At(path, 0, "is no file of Millrace's, and was not looked at", isDamage: false));
        }
    }

    private void VerifyJournal()
    {
        if (!disk.Exists(DocumentStore.Path)) return;
        using var file = disk.Open(DocumentStore.Path);
        var end = JournalRecovery.Check(DocumentStore.Path, file, new DocumentState(new DocumentOptions().MaxPending));
        Torn(DocumentStore.Path, end, file.Length);
    }

    private void VerifyCheckpoints()
    {
        if (AtomicFile.Read(disk, CheckpointFile.Name) is not { } bytes) return;
        Torn(CheckpointFile.Name, CheckpointJournal.Replay(CheckpointFile.Name, bytes, static _ => { }), bytes.Length);
    }

    private void Torn(string path, long end, long length)
    {
        if (end < length) found(DiskFault.At(path, end, $"{length - end} bytes were never finished; the next start cuts them", isDamage: false));
    }

    private void Guard(string path, Action verify)
    {
        try
        {
            verify();
        }
        catch (FaultException corrupt)
        {
            found(new DiskFault(corrupt.Message));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or OutOfMemoryException)
        {
            found(DiskFault.At(path, 0, $"cannot be read: {unreadable.Message}"));
        }
    }
}
