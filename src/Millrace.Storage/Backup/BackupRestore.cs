using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Backup;

/// <summary>Puts a backup into an empty directory. No server starts there before all of it is there and is what was copied.</summary>
/// <param name="backup">The backup.</param>
/// <param name="target">An empty directory.</param>
public sealed class BackupRestore(IDisk backup, ILinkingDisk target)
{
    /// <param name="manifest">Of the backup.</param>
    /// <param name="read">Told of each piece that was copied.</param>
    /// <param name="stop">Looked at between pieces.</param>
    /// <exception cref="FaultException">Corrupt: a file of the backup is not what was copied. Nothing is left in the target.</exception>
    /// <exception cref="IOException">The target cannot be written. Nothing is left in it, as far as it lets itself be emptied.</exception>
    public void Run(BackupManifest manifest, Action<long> read, CancellationToken stop)
    {
        try
        {
            AtomicFile.Write(target, DataDirectory.Unfinished, []);
            foreach (var file in manifest.Files) Copy(file, read, stop);

            foreach (var directory in manifest.Files.Select(static file => AtomicFile.DirectoryOf(file.Path)).Distinct()) target.SyncDirectory(directory);
            target.Delete(DataDirectory.Unfinished);
            target.SyncDirectory("");
        }
        catch
        {
            Empty();
            throw;
        }
    }

    private void Copy(BackupFile file, Action<long> read, CancellationToken stop)
    {
        using var copy = target.Open(file.Path);
        var at = 0L;
        var wrong = BackupReading.WrongWith(backup, file, piece =>
        {
            copy.Write(at, piece.Span);
            at += piece.Length;
            read(piece.Length);
        }, stop);
        if (wrong is not null) throw new FaultException(Fault.Corrupt, wrong);
        copy.Sync();
    }

    // Where even that is refused, the mark of an unfinished restore stays, and no server starts.
    private void Empty()
    {
        try
        {
            foreach (var name in target.List("").Where(static name => name != DataDirectory.Unfinished))
            {
                if (target.Exists(name)) target.Delete(name);
                else target.DeleteTree(name);
            }

            target.Delete(DataDirectory.Unfinished);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // What is told is why the restore failed.
        }
    }
}
