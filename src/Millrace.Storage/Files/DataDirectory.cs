using System.Globalization;
using Millrace.Contracts;

namespace Millrace.Storage.Files;

/// <summary>The right to be the only process that writes a data directory. Dispose gives it back; so does dying.</summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockName = "millrace.lock";

    // The locked file cannot be opened by others, not even to read who holds it.
    private const string ProcessName = "millrace.pid";
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
        var name = System.IO.Path.Combine(full, LockName);
        try
        {
            Directory.CreateDirectory(full);
            // FileShare.None is flock on Unix: the kernel lets go of it when the process ends, however it ends.
            var held = new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            File.WriteAllText(System.IO.Path.Combine(full, ProcessName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataDirectory(full, held);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, WhyNot(full, e), e);
        }
    }

    public void Dispose() => _held.Dispose();

    private static string WhyNot(string path, Exception e) =>
        OwnerOf(path) is { } owner
            ? $"data directory {path} is in use by process {owner}: stop that one first, or give this one another directory"
            : $"data directory {path} cannot be taken: {e.Message}";

    /// <returns>Null where nobody wrote down that it holds the lock.</returns>
    private static string? OwnerOf(string path)
    {
        try
        {
            return File.ReadAllText(System.IO.Path.Combine(path, ProcessName)) is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
