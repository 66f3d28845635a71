namespace Millrace.Storage.Files;

/// <summary>Small files that are there whole or not at all.</summary>
public static class AtomicFile
{
    private const string Unfinished = ".tmp";

    /// <summary>Replaces the file. Safe when it returns; after a crash the old or the new one is there, never a mixture.</summary>
    public static void Write(IDisk disk, string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + Unfinished;

        // One of before may be left because its fsync failed: that file is not trusted again.
        if (disk.Exists(temporary)) disk.Delete(temporary);
        using (var file = disk.Open(temporary))
        {
            file.SetLength(0);
            file.Write(0, bytes);
            file.Sync();
        }

        disk.Rename(temporary, path);
        disk.SyncDirectory(DirectoryOf(path));
    }

    /// <returns>Null where there is no such file.</returns>
    public static byte[]? Read(IDisk disk, string path)
    {
        if (!disk.Exists(path)) return null;
        using var file = disk.Open(path);
        var bytes = new byte[file.Length];
        return file.Read(0, bytes) == bytes.Length
            ? bytes
            : throw new IOException($"{path} became shorter while it was read");
    }

    public static string DirectoryOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "";
}
