using Millrace.Contracts;
using Millrace.Storage.Documents;
using Millrace.Storage.Files;
using Millrace.Storage.Log;
using Millrace.Storage.Series;

namespace Millrace.Storage.Backup;

/// <summary>A data directory as it was at one moment, while a server goes on writing it: second names of its files, each with the length that counts. Dispose removes them.</summary>
/// <remarks>
/// No file of a store ever changes within what was written: it is replaced as a whole, or it grows. So a second name and a length are a copy. What says how far
/// something is (checkpoints, manifest, windows) is taken first, then what it is about (lake, objects), then, in one moment between two commits, the documents
/// and all logs: so no part is ahead of the logs, and what a restored server starts from is what a crash at that moment would have left.
/// </remarks>
public sealed class BackupImage : IDisposable
{
    /// <summary>In the data directory.</summary>
    public const string Root = "backup";

    private const int MostTries = 100;

    private const string Lake = "lake";

    private static readonly string[] Trees = ["objects", "ca", "reference"];

    private readonly ILinkingDisk _disk;
    private readonly List<BackupPart> _files = [];

    private BackupImage(ILinkingDisk disk) => _disk = disk;

    /// <summary>Where the files are, relative to the data directory.</summary>
    public string Directory { get; } = $"{Root}/{Guid.NewGuid():N}";

    /// <summary>All of them.</summary>
    public IReadOnlyList<BackupPart> Files => _files;

    /// <summary>Files of time series that are only in the bucket, and so in no image.</summary>
    public int RemoteFiles { get; private set; }

    /// <exception cref="FaultException">Unavailable: the disk refuses, or a store is closing.</exception>
    public static async Task<BackupImage> TakeAsync(ILinkingDisk disk, LogStore logs)
    {
        var image = new BackupImage(disk);
        try
        {
            image.TakeRest();
            await logs.CutAsync(image.TakeLogs).ConfigureAwait(false);
            return image;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            image.Dispose();
            throw new FaultException(Fault.Unavailable, $"no image of the data directory can be made: {refused.Message}. Where its file system has no hard links, stop the server and copy it.", refused);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Removes what images that broke off with their server have left.</summary>
    public static void RemoveAll(ILinkingDisk disk) => disk.DeleteTree(Root);

    public void Dispose() => _disk.DeleteTree(Directory);

    private void TakeRest()
    {
        TakeIfThere(CheckpointFile.Name);
        foreach (var path in DiskTree.Files(_disk, "windows").ToList()) TakeIfThere(path);
        TakeSeries();
        TakeIfThere("pipeline.yaml");
        TakeFolder(Lake);
        foreach (var tree in Trees)
            foreach (var path in DiskTree.Files(_disk, tree).ToList()) TakeIfThere(path);

        // So that no commit waits for directories to be made.
        foreach (var directory in DiskTree.Files(_disk, LogStore.Root).Append(DocumentStore.Path).Select(AtomicFile.DirectoryOf).Distinct().ToList())
            _disk.SyncDirectory($"{Directory}/{directory}");
    }

    private void TakeLogs(IReadOnlyList<(string Path, long Bytes)> files)
    {
        TakeIfThere(DocumentStore.Path);
        foreach (var (path, bytes) in files)
        {
            _disk.Link(path, $"{Directory}/{path}");
            _files.Add(new BackupPart(path, bytes));
        }
    }

    // While it is read, files may be merged into others and go: then the manifest is another one, and all is looked at again.
    private void TakeSeries()
    {
        if (!_disk.Exists(SeriesListed.Manifest)) return;
        for (var left = MostTries; ; left--)
        {
            var before = _files.Count;
            try
            {
                RemoteFiles = 0;
                Take(SeriesListed.Manifest);
                foreach (var (path, mayBeRemote) in SeriesListed.In(AtomicFile.Read(_disk, $"{Directory}/{SeriesListed.Manifest}")))
                {
                    if (mayBeRemote && !TakeIfThere(path)) RemoteFiles++;
                    else if (!mayBeRemote) Take(path);
                }

                return;
            }
            catch (FileNotFoundException) when (left > 0)
            {
                foreach (var taken in _files.Skip(before)) _disk.Delete($"{Directory}/{taken.Path}");
                _files.RemoveRange(before, _files.Count - before);
            }
        }
    }

    // Files of a folder are put together into others, and go: a folder is taken as it is between two such steps.
    private void TakeFolder(string directory)
    {
        IReadOnlyList<string> names;
        for (var left = MostTries; ; left--)
        {
            names = _disk.List(directory);
            var before = _files.Count;
            var files = names.Select(name => $"{directory}/{name}").Where(_disk.Exists).ToList();
            if (files.TrueForAll(TakeIfThere) && names.SequenceEqual(_disk.List(directory))) break;
            if (left == 0) throw new IOException($"{directory} does not hold still");
            foreach (var taken in _files.Skip(before)) _disk.Delete($"{Directory}/{taken.Path}");
            _files.RemoveRange(before, _files.Count - before);
        }

        foreach (var name in names)
            if (!_disk.Exists($"{directory}/{name}") && $"{directory}/{name}" != $"{Lake}/unfinished") TakeFolder($"{directory}/{name}");
    }

    private bool TakeIfThere(string path)
    {
        if (path.EndsWith(".tmp", StringComparison.Ordinal) || path.StartsWith("objects/.unfinished/", StringComparison.Ordinal)) return false;
        try
        {
            Take(path);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private void Take(string path)
    {
        _disk.Link(path, $"{Directory}/{path}");
        using var file = _disk.Open($"{Directory}/{path}");
        _files.Add(new BackupPart(path, file.Length));
    }
}
