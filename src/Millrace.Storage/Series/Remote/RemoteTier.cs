using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Objects;
using Millrace.Storage.Files;

namespace Millrace.Storage.Series.Remote;

/// <summary>A copy of the store in a bucket: its files under the names they have on disk, and the manifest that was last complete there.</summary>
/// <remarks>
/// The manifest in the bucket never lists a file that is not there: files are put first, then the manifest, and only then is deleted what it does not list any more.
/// Nothing of this ever holds up a writer. One <see cref="UploadAsync"/> at a time; other members are for any thread.
/// </remarks>
internal sealed class RemoteTier(IObjectBucket bucket, SeriesFiles files)
{
    public const string ManifestKey = "manifest.json";

    private const int AtOnce = 4;
    private static readonly string[] Directories = ["names/", "tables/"];

    private readonly Lock _gate = new();
    private readonly HashSet<string> _put = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> _fetches = new(StringComparer.Ordinal);
    private HashSet<string> _safe = [];
    private HashSet<string> _pinned = [];
    private Manifest? _committed;
    private Manifest? _inBucket;
    private bool _compared;
    private bool _swept;
    private RemoteCounts _counts = new();

    public string Name => bucket.Name;

    /// <summary>Called when there is something to upload.</summary>
    public Action? News { get; set; }

    public RemoteCounts Counts
    {
        get
        {
            lock (_gate) return _counts with { Waiting = _committed is null ? 0 : _committed.Paths().Count(path => !_safe.Contains(path)) };
        }
    }

    /// <summary>The store committed this manifest to its disk.</summary>
    public void Committed(Manifest manifest)
    {
        lock (_gate) _committed = manifest;
        News?.Invoke();
    }

    public void CountFailure()
    {
        lock (_gate) _counts = _counts with { Failed = _counts.Failed + 1 };
    }

    /// <summary>The manifest in the bucket lists the file.</summary>
    public bool IsSafe(string path)
    {
        lock (_gate) return _safe.Contains(path);
    }

    /// <summary>The file is on its way into the bucket: it must stay where it is.</summary>
    public bool IsPinned(string path)
    {
        lock (_gate) return _pinned.Contains(path);
    }

    /// <summary>Brings the manifest that a wiped disk begins with, with names and replaced rows on the disk and all else in the bucket.</summary>
    /// <returns>Not yet written to the disk; null where the bucket has none.</returns>
    /// <exception cref="FaultException">Unavailable: the bucket does not answer. Corrupt: what is in it cannot be read.</exception>
    public async Task<Manifest?> RestoreAsync(CancellationToken stop)
    {
        if (await ReadManifestAsync(stop).ConfigureAwait(false) is not { } manifest) return null;
        foreach (var path in manifest.Names.Concat(manifest.Tables.Select(static table => table.Replaced).OfType<string>()))
            await CopyAsync(path, static _ => { }, stop).ConfigureAwait(false);
        return manifest with
        {
            Bucket = Name,
            Tables = [.. manifest.Tables.Select(static table => table with { Files = [.. table.Files.Select(static file => file with { Remote = true })] })],
        };
    }

    /// <summary>Brings the bucket to where the disk is.</summary>
    /// <returns>Whether there was something to do.</returns>
    /// <exception cref="FaultException">Unavailable, or Refused: the bucket does not take it. Whatever it took is not sent again.</exception>
    public async Task<bool> UploadAsync(CancellationToken stop)
    {
        Manifest next;
        lock (_gate)
        {
            if (_committed is null || (ReferenceEquals(_committed, _inBucket) && _swept)) return false;
            next = _committed;
            _pinned = next.Paths().ToHashSet(StringComparer.Ordinal);
        }

        try
        {
            if (!_compared) await CompareAsync(next, stop).ConfigureAwait(false);
            if (!ReferenceEquals(next, _inBucket)) await UploadAsync(next, stop).ConfigureAwait(false);
            await SweepAsync(stop).ConfigureAwait(false);
            return true;
        }
        catch (IOException failed)
        {
            throw new FaultException(Fault.Unavailable, $"a file for {Name} cannot be read: {failed.Message}", failed);
        }
        finally
        {
            lock (_gate) _pinned = [];
        }
    }

    /// <summary>Puts a file of the bucket back on the disk. Those who ask for the same file wait for the same copy.</summary>
    /// <param name="file">One that is <see cref="ColdFile.Remote"/>.</param>
    /// <param name="check">Reads the copy at this path through, and throws where it is not whole.</param>
    /// <param name="stop">Ends the waiting, not the copying that others wait for.</param>
    public Task FetchAsync(ColdFile file, Action<string> check, CancellationToken stop)
    {
        Task fetch;
        lock (_gate)
        {
            if (!_fetches.TryGetValue(file.Path, out var running))
                _fetches.Add(file.Path, running = Task.Run(() => FetchAsync(file, check), CancellationToken.None));
            fetch = running;
        }

        return fetch.WaitAsync(stop);
    }

    private async Task FetchAsync(ColdFile file, Action<string> check)
    {
        try
        {
            await CopyAsync(
                file.Path,
                path =>
                {
                    if (files.Length(path) != file.Bytes)
                        throw new FaultException(Fault.Corrupt, $"{Name}: the object {KeyOf(file.Path)} has {files.Length(path)} bytes, and was written with {file.Bytes}. Restore the bucket from a backup.");
                    check(path);
                },
                CancellationToken.None).ConfigureAwait(false);
            lock (_gate) _counts = _counts with { Fetched = _counts.Fetched + 1 };
        }
        finally
        {
            lock (_gate) _fetches.Remove(file.Path);
        }
    }

    // Whole and checked before it has its name.
    private async Task CopyAsync(string path, Action<string> check, CancellationToken stop)
    {
        var unfinished = path + SeriesFiles.Fetched;
        var found = false;
        using (var file = files.Open(unfinished))
        {
            file.SetLength(0);
            var stream = new DiskStream(file);
            found = await bucket.TryGetAsync(KeyOf(path), stream, stop).ConfigureAwait(false);
            file.Sync();
        }

        try
        {
            if (!found) throw new FaultException(Fault.Corrupt, $"{Name} has no object {KeyOf(path)}, and its manifest lists it. Restore the bucket from a backup.");
            check(unfinished);
        }
        catch
        {
            files.Delete(unfinished);
            throw;
        }

        files.Keep(unfinished, path);
    }

    // A bucket that another store writes to, or that is ahead of a disk put back from a backup, holds what nobody else has.
    private async Task CompareAsync(Manifest next, CancellationToken stop)
    {
        if (await ReadManifestAsync(stop).ConfigureAwait(false) is { } there)
        {
            if (there.Store != next.Store)
                throw new FaultException(Fault.Refused, $"{Name} holds another store (its manifest has id {there.Store}, this one {next.Store}): give this server a prefix of its own, or move its series directory away to begin with what the bucket has");
            if (there.Generation > next.Generation)
            {
                throw new FaultException(
                    Fault.Refused,
                    $"{Name} is ahead of the disk (generation {there.Generation}, the disk has {next.Generation}): to take the bucket's state, stop the server and move the series directory away; "
                    + "to keep the disk's, give it another prefix");
            }

            lock (_gate) _safe = there.Paths().ToHashSet(StringComparer.Ordinal);
        }

        _compared = true;
    }

    private async Task UploadAsync(Manifest next, CancellationToken stop)
    {
        foreach (var some in next.Paths().Where(path => !_safe.Contains(path) && !_put.Contains(path)).Chunk(AtOnce))
            await Task.WhenAll(some.Select(path => PutAsync(path, stop))).ConfigureAwait(false);
        using var bytes = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(next, ManifestJson.Default.Manifest));
        await bucket.PutAsync(ManifestKey, bytes, stop).ConfigureAwait(false);
        var listed = next.Paths().ToHashSet(StringComparer.Ordinal);
        lock (_gate)
        {
            _swept &= _safe.IsSubsetOf(listed) && _put.IsSubsetOf(listed);
            (_inBucket, _safe) = (next, listed);
            _counts = _counts with { Manifests = _counts.Manifests + 1 };
            _put.Clear();
        }
    }

    private async Task PutAsync(string path, CancellationToken stop)
    {
        if (!files.Exists(path))
            throw new FaultException(Fault.Refused, $"{path} is neither on the disk nor in {Name}, whose manifest should list it. Restore the bucket, or the series directory, from a backup.");
        using var content = new DiskStream(files.Open(path));
        await bucket.PutAsync(KeyOf(path), content, stop).ConfigureAwait(false);
        lock (_gate)
        {
            _put.Add(path);
            _counts = _counts with { Uploaded = _counts.Uploaded + 1, UploadedBytes = _counts.UploadedBytes + content.Length };
        }
    }

    /// <summary>Deletes what the manifest in the bucket does not list: it was merged or expired, or was put before a crash.</summary>
    private async Task SweepAsync(CancellationToken stop)
    {
        if (_swept) return;
        var unlisted = new List<string>();
        foreach (var directory in Directories)
        {
            await foreach (var (key, _) in bucket.ListAsync(directory, stop).ConfigureAwait(false))
                if (!_safe.Contains($"{SeriesFiles.Directory}/{key}")) unlisted.Add(key);
        }

        foreach (var key in unlisted) await bucket.DeleteAsync(key, stop).ConfigureAwait(false);
        lock (_gate)
        {
            _swept = true;
            _counts = _counts with { Deleted = _counts.Deleted + unlisted.Count };
        }
    }

    private async Task<Manifest?> ReadManifestAsync(CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        return await bucket.TryGetAsync(ManifestKey, bytes, stop).ConfigureAwait(false) ? SeriesFiles.Parse(bytes.ToArray(), $"{Name}/{ManifestKey}") : null;
    }

    private static string KeyOf(string path) => path[(SeriesFiles.Directory.Length + 1)..];
}
