using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series;

/// <summary>The block files of a table at one moment. A change makes another set; snapshots hold the one that was when they began.</summary>
internal sealed class ColdSet
{
    private int _holders = 1;

    /// <param name="files">Held until the set is released.</param>
    public ColdSet(IEnumerable<ColdBlocks> files)
    {
        Files = [.. files];
        ByEnd = [.. Files.OrderByDescending(static file => file.File.ToNs)];
        foreach (var file in Files) file.Hold();
    }

    public IReadOnlyList<ColdBlocks> Files { get; }

    /// <summary>Those with the newest rows first.</summary>
    public IReadOnlyList<ColdBlocks> ByEnd { get; }

    /// <summary>What is known of the newest rows in these files.</summary>
    public LatestCache Latest { get; } = new();

    public long Rows => Files.Sum(static file => file.File.Rows);

    public long Bytes => Files.Sum(static file => file.File.Bytes);

    /// <summary>Under the store's lock, for the table's set; else by somebody who is held by another holder.</summary>
    public ColdSet Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0) return;
        foreach (var file in Files) file.Release();
    }

    /// <summary>Another set, without some and with others; this one is released.</summary>
    public ColdSet Change(IReadOnlyCollection<ColdFile> without, IEnumerable<ColdBlocks> with)
    {
        var next = new ColdSet([.. Files.Where(file => !without.Contains(file.File)), .. with]);
        Release();
        return next;
    }
}
