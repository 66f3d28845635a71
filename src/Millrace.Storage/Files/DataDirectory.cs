using System.Globalization;
using Millrace.Contracts;

namespace Millrace.Storage.Files;

/// <summary>The right to be the only process that writes a data directory. Dispose gives it back; so does dying.</summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockName = "millrace.lock";

    // Apart from the lock: a locked file cannot be read by others on every system.
    private const string OwnerName = "millrace.pid";
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

    public void Dispose()
    {
        File.Delete(System.IO.Path.Combine(Path, OwnerName));
        _held.Dispose();
    }

    private static string WhyNot(string path, Exception e) =>
        e is IOException and not DirectoryNotFoundException && OwnerOf(path) is { } owner
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
