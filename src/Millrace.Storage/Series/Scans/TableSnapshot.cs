using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>The rows of one table at one moment: those in memory, those on their way into files, and the files, which stay until this is disposed. Any thread.</summary>
/// <remarks>Taking one costs a few references, however much the table has. A row that is moved meanwhile is seen once: where it was.</remarks>
internal sealed class TableSnapshot : IDisposable
{
    private readonly ColdSet _cold;
    private int _disposed;

    /// <param name="table">Under the store's lock.</param>
    /// <param name="keptFromNs">Older rows are there, and not to be seen.</param>
    public TableSnapshot(SeriesTable table, long keptFromNs)
    {
        Table = table;
        KeptFromNs = keptFromNs;
        Stored = table.Stored;
        Dimensions = table.Dimensions;
        SeriesCount = table.Series.Count;
        VersionSlot = table.KnownVersionSlot;
        Replaced = table.Replaced.View;
        Hot = ViewOf(table.Hot);
        Sealed = ViewOf(table.Sealed);
        _cold = table.Cold.Hold();
    }

    public SeriesTable Table { get; }

    /// <summary>The table keeps no older rows: those that are still stored are left out.</summary>
    public long KeptFromNs { get; }

    public IReadOnlyList<StoredColumn> Stored { get; }

    public string[] Dimensions { get; }

    /// <summary>Codes of its rows are smaller.</summary>
    public int SeriesCount { get; }

    /// <summary>-1 where every row has version 1.</summary>
    public int VersionSlot { get; }

    public ReplacedView Replaced { get; }

    /// <summary>Rows that still gather.</summary>
    public HotView? Hot { get; }

    /// <summary>Rows that are being moved to files.</summary>
    public HotView? Sealed { get; }

    public IReadOnlyList<ColdBlocks> Files => _cold.Files;

    /// <summary>The same, those with the newest rows first.</summary>
    public IReadOnlyList<ColdBlocks> FilesByEnd => _cold.ByEnd;

    /// <summary>What is known of the newest rows in the files.</summary>
    public LatestCache LatestOfFiles => _cold.Latest;

    /// <summary>Those of replaced versions too.</summary>
    public long Rows => (Hot?.Count ?? 0) + (Sealed?.Count ?? 0) + _cold.Rows;

    /// <summary>Adds the newest row of a series, of the highest version.</summary>
    /// <param name="series">Its code.</param>
    /// <param name="slots">Columns wanted.</param>
    /// <param name="scratch">For reading files: what is in it is lost.</param>
    /// <param name="into">Prepared for the columns; receives it behind its rows.</param>
    /// <returns>False where the series has no row.</returns>
    public bool TryLatest(int series, int[] slots, RowColumns scratch, RowColumns into) => LatestRow.TryAdd(this, series, slots, scratch, into);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _cold.Release();
    }

    private static HotView? ViewOf(HotRows? rows) => rows is { Rows: > 0 } ? new HotView(rows, rows.Rows) : null;
}
