using System.Globalization;
using Millrace.Contracts;

namespace Millrace.Storage.Files;

/// <summary>The right to be the only process that writes a data directory. Dispose gives it back; so does dying.</summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockName = "millrace.lock";

    // Apart from the lock: a locked file cannot be read by others on every system.
    private const string OwnerName = "millrace.pid";

    /// <summary>A file that is there while a backup is put back into the directory, and stays where that breaks off.</summary>
    public const string Unfinished = "restore.unfinished";

    private readonly FileStream _held;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _held = held;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>Takes the directory, and makes it where there is none.</summary>
    /// <exception cref="FaultException">Unavailable: another process has it, or it cannot be written.</exception>
    public static DataDirectory Lock(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
            if (File.Exists(System.IO.Path.Combine(full, Unfinished)))
                throw new IOException("a restore into it did not come to its end; remove what is in it and restore again.");
            // FileShare.None is flock on Unix: the kernel lets go of it when the process ends, however it ends.
            var held = new FileStream(System.IO.Path.Combine(full, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            TryNameOwner(full);
            return new DataDirectory(full, held);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, WhyNot(full, e), e);
        }
    }

    /// <summary>Keeps servers away from a directory while somebody reads it. Writes nothing.</summary>
    /// <returns>Null where no server ever ran.</returns>
    /// <exception cref="FaultException">Unavailable: a server has it, or it cannot be read.</exception>
    public static IDisposable? Hold(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var name = System.IO.Path.Combine(full, LockName);
        try
        {
            return File.Exists(name) ? new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, e is IOException && OwnerOf(full) is { } owner ? $"data directory {full} is in use by process {owner}" : e.Message, e);
        }
    }

    public void Dispose()
    {
        File.Delete(System.IO.Path.Combine(Path, OwnerName));
        _held.Dispose();
    }

    private static string WhyNot(string path, Exception e) =>
        e is IOException and not DirectoryNotFoundException && !File.Exists(System.IO.Path.Combine(path, Unfinished)) && OwnerOf(path) is { } owner
            ? $"data directory {path} is in use by process {owner}: stop that one first, or give this one another directory"
            : $"data directory {path} cannot be taken: {e.Message}";

    private static void TryNameOwner(string path)
    {
        try
        {
            File.WriteAllText(System.IO.Path.Combine(path, OwnerName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // A full disk: the name is only for people, and the log can still be read.
        }
    }

    private static string? OwnerOf(string path)
    {
        try
        {
            return File.ReadAllText(System.IO.Path.Combine(path, OwnerName)) is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
