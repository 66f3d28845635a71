using Millrace.Contracts;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Remote;

namespace Millrace.Storage.Series.Cold;

/// <summary>Opens files where they are: on the disk, or in the bucket, from where they are fetched first.</summary>
/// <param name="files">Of the store.</param>
/// <param name="remote">The bucket; null where there is none.</param>
/// <param name="diskLimit">Bytes that stay on the disk; null: all.</param>
/// <param name="longestFetch">So long somebody waits for a file from the bucket.</param>
internal sealed class ColdStore(SeriesFiles files, RemoteTier? remote, long? diskLimit, TimeSpan longestFetch)
{
    private readonly Lock _leaving = new();

    /// <summary>A file for queries; it is opened, and perhaps fetched, when one reads it.</summary>
    public ColdBlocks Blocks(SeriesTable table, ColdFile file) => new(file, table, this);

    public bool IsHere(ColdFile file) => !file.Remote || files.Exists(file.Path);

    /// <summary>Files that may leave the disk, so that it has no more than it may. Under the store's lock.</summary>
    public IReadOnlyList<(SeriesTable Table, ColdFile File)> ToEvict(IEnumerable<SeriesTable> tables)
    {
        if (diskLimit is null || remote is null) return [];
        var here = tables.SelectMany(static table => table.Cold.Files.Select(file => (Table: table, Blocks: file))).Where(one => IsHere(one.Blocks.File)).ToList();
        var tooMuch = here.Sum(static one => one.Blocks.File.Bytes) - diskLimit;
        return
        [
            .. here.Where(one => remote.IsSafe(one.Blocks.File.Path)).OrderBy(static one => one.Blocks.LastUsed).ThenBy(static one => one.Blocks.File.ToNs)
                .TakeWhile(one =>
                {
                    var more = tooMuch > 0;
                    tooMuch -= one.Blocks.File.Bytes;
                    return more;
                })
                .Select(static one => (one.Table, one.Blocks.File)),
        ];
    }

    /// <summary>Opens a file that is on the disk; null where it is only in the bucket.</summary>
    /// <exception cref="FaultException">Corrupt, with file and byte.</exception>
    public BlockFile? TryOpen(SeriesTable table, ColdFile file)
    {
        if (remote is null && IsHere(file)) return BlockFile.Open(files.Disk, file.Path, table.Stored);

        // It might leave the disk meanwhile, as others that hold it need it no more.
        lock (_leaving) return IsHere(file) ? BlockFile.Open(files.Disk, file.Path, table.Stored) : null;
    }

    /// <summary>Brings a file from the bucket to the disk.</summary>
    /// <exception cref="FaultException">Unavailable: the bucket is away, or takes long. Corrupt: what came is not what was put there.</exception>
    public void Fetch(SeriesTable table, ColdFile file)
    {
        if (remote is null) throw new FaultException(Fault.Unavailable, $"{file.Path} is only in a bucket, and this server was given none");
        var fetch = remote.FetchAsync(file, path => BlockFile.Open(files.Disk, path, table.Stored).Dispose(), CancellationToken.None);
        try
        {
            fetch.WaitAsync(longestFetch).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            throw new FaultException(
                Fault.Unavailable, $"{remote.Name} has not yet delivered {file.Path} after {longestFetch.TotalSeconds:0} s; it is still being fetched, and may be there when it is asked for again");
        }
    }

    /// <summary>Deletes a file that nobody needs on the disk.</summary>
    public void Delete(string path)
    {
        lock (_leaving) files.Delete(path);
    }
}
