using Millrace.Contracts;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Remote;

namespace Millrace.Storage.Series.Cold;

/// <summary>Opens files where they are: on the disk, or in the bucket, from where they are fetched first.</summary>
internal sealed class ColdStore(SeriesFiles files, RemoteTier? remote, long? diskLimit)
{
    /// <summary>A file for queries; it is opened, and perhaps fetched, when one reads it.</summary>
    public ColdBlocks Blocks(SeriesTable table, ColdFile file) => new(file, one => Open(table, one));

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

    private BlockFile Open(SeriesTable table, ColdFile file)
    {
        if (!IsHere(file))
        {
            if (remote is null) throw new FaultException(Fault.Unavailable, $"{file.Path} is only in a bucket, and this server was given none");
            remote.FetchAsync(file, path => BlockFile.Open(files.Disk, path, table.Stored).Dispose(), CancellationToken.None).GetAwaiter().GetResult();
        }

        return BlockFile.Open(files.Disk, file.Path, table.Stored);
    }
}
