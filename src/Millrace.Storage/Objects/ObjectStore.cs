using System.Text;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Objects;

/// <summary>Objects by bucket and key, each a file. What S3 keeps for a rule.</summary>
/// <remarks>Any thread may call. Buckets come with their first object.</remarks>
public sealed class ObjectStore(IDisk disk)
{
    /// <returns>The object; null where there is none.</returns>
    /// <exception cref="FaultException">Unavailable: the disk refuses.</exception>
    public byte[]? Find(string bucket, string key)
    {
        if (ObjectPath.Find(bucket, Encoding.UTF8.GetBytes(key), out var path) is not null) return null;
        try
        {
            return AtomicFile.Read(disk, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(path, "read", e);
        }
    }

    /// <summary>Puts an object in place, or replaces it. Its bytes are safe; its name is after <see cref="Sync"/>.</summary>
    /// <param name="path">Of the object, as <see cref="ObjectPath"/> gives it.</param>
    /// <param name="unfinished">A file that is this caller's alone.</param>
    /// <param name="bytes">The object.</param>
    /// <returns>Why there can be no such object; null where it is there.</returns>
    internal string? Put(string path, string unfinished, ReadOnlySpan<byte> bytes)
    {
        if (InTheWay(path) is { } wrong) return wrong;
        try
        {
            using (var file = disk.Open(unfinished))
            {
                file.SetLength(0);
                file.Write(0, bytes);
                file.Sync();
            }

            disk.Rename(unfinished, path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(path, "written", e);
        }
    }

    /// <summary>Makes the names in a directory safe.</summary>
    internal void Sync(string directory)
    {
        try
        {
            disk.SyncDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(directory, "made safe", e);
        }
    }

    /// <summary>A file system, unlike S3, cannot have both a and a/b.</summary>
    private string? InTheWay(string path)
    {
        for (var above = AtomicFile.DirectoryOf(path); above.Length > ObjectPath.Root.Length; above = AtomicFile.DirectoryOf(above))
            if (disk.Exists(above)) return $"the key is below another object's, {above[(ObjectPath.Root.Length + 1)..]}: objects are files here, and a file holds no others";
        return !disk.Exists(path) && disk.List(path).Count > 0 ? "there are objects below this key: they are files here, and a folder is none" : null;
    }

    private static FaultException Unavailable(string path, string what, Exception e) => new(
        Fault.Unavailable, $"{path} cannot be {what}: {e.Message} Its records stay in the log and are written once this is mended.", e);
}
