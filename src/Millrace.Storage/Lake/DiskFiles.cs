using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Lake;

/// <summary>Files of the lake below a directory of the disk. They come to their place by renaming.</summary>
/// <param name="disk">The data directory.</param>
/// <param name="root">The lake's directory.</param>
/// <param name="unfinished">Below it: a file that is being written; one sink's alone.</param>
internal sealed class DiskFiles(IDisk disk, string root, string unfinished) : ILakeFiles
{
    private const int ReadAtOnce = 64 * 1024;

    private readonly string _unfinished = $"{root}/{unfinished}";
    private string _safeDirectory = "";

    /// <summary>Removes what a crash left of a file.</summary>
    public void Open() => Try(_unfinished, "removed", () =>
    {
        if (disk.Exists(_unfinished)) disk.Delete(_unfinished);
        return 0;
    });

    public ValueTask<IReadOnlyList<(string Name, long Bytes)>> ListAsync(string directory, string prefix, CancellationToken stop) => Try(
        $"{root}/{directory}",
        "listed",
        () => ValueTask.FromResult<IReadOnlyList<(string, long)>>(
            [.. disk.List($"{root}/{directory}").Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => (name, LengthOf($"{root}/{directory}/{name}")))]));

    public ValueTask<ChunkStream?> ReadAsync(string path, CancellationToken stop) => Try($"{root}/{path}", "read", () =>
    {
        var full = $"{root}/{path}";
        if (!disk.Exists(full)) return default;
        using var file = disk.Open(full);
        var content = new ChunkStream();
        var buffer = new byte[ReadAtOnce];
        for (var read = file.Read(0, buffer); read > 0; read = file.Read(content.Length, buffer)) content.Write(buffer.AsSpan(0, read));
        return ValueTask.FromResult<ChunkStream?>(content);
    });

    public ValueTask PutAsync(string path, ChunkStream content, CancellationToken stop)
    {
        var full = $"{root}/{path}";
        return Try(full, "written", () =>
        {
            using (var file = disk.Open(_unfinished))
            {
                file.SetLength(0);
                content.CopyTo(file);
                file.Sync();
            }

            disk.Rename(_unfinished, full);
            SyncDirectory(AtomicFile.DirectoryOf(full));
            return ValueTask.CompletedTask;
        });
    }

    public ValueTask DeleteAsync(string directory, IReadOnlyList<string> names, CancellationToken stop) => Try($"{root}/{directory}", "cleared of files that were put together", () =>
    {
        foreach (var path in names.Select(name => $"{root}/{directory}/{name}").Where(disk.Exists)) disk.Delete(path);
        disk.SyncDirectory($"{root}/{directory}");
        return ValueTask.CompletedTask;
    });

    private static T Try<T>(string path, string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, $"lake: {path} cannot be {what}: {e.Message} Its records stay in the log and are written once this is mended.", e);
        }
    }

    private long LengthOf(string path)
    {
        if (!disk.Exists(path)) return 0;
        using var file = disk.Open(path);
        return file.Length;
    }

    // A new directory is safe when each directory above it is.
    private void SyncDirectory(string directory)
    {
        disk.SyncDirectory(directory);
        for (var above = directory; _safeDirectory != directory && above.Length > 0;)
        {
            above = AtomicFile.DirectoryOf(above);
            disk.SyncDirectory(above);
        }

        _safeDirectory = directory;
    }
}
