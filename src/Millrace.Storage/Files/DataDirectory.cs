using System.Globalization;
using Millrace.Contracts;

namespace Millrace.Storage.Files;

/// <summary>The right to be the only process that writes a data directory. Dispose gives it back; so does dying.</summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockName = "millrace.lock";
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
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return new DataDirectory(full, held);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, WhyNot(full, name, e), e);
        }
    }

    public void Dispose() => _held.Dispose();

    private static string WhyNot(string path, string name, Exception e) =>
        OwnerOf(name) is { } owner
            ? $"data directory {path} is in use by process {owner}: stop that one first, or give this one another directory"
            : $"data directory {path} cannot be taken: {e.Message}";

    /// <returns>Null where nobody holds the lock or its holder cannot be read.</returns>
    private static string? OwnerOf(string name)
    {
        try
        {
            using var file = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
