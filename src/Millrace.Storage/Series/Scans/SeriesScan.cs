using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>Hands out rows of a snapshot to several threads: each takes a <see cref="ScanReader"/> of its own, and each row comes to one of them.</summary>
/// <remarks>Within a block, a chunk or a series the rows come in their order; between those the order is none. The snapshot must outlive the scan.</remarks>
internal sealed class SeriesScan
{
    /// <summary>Of a few series, files are asked for each; of more, each block.</summary>
    private const int FewSeries = 64;
    private const int BlocksAtOnce = 16;
    private const int ChunksAtOnce = 8;
    private const int ChainsAtOnce = 256;

    /// <summary>A step along a chain takes as long as looking at so many rows that lie one after the other.</summary>
    private const int ChainStep = 16;

    private readonly List<ScanUnit> _units = [];
    private int _next = -1;

    /// <param name="snapshot">Of the table.</param>
    /// <param name="range">The rows wanted.</param>
    /// <param name="slots">The columns wanted: series and time are always there.</param>
    public SeriesScan(TableSnapshot snapshot, ScanRange range, ReadOnlySpan<int> slots)
    {
        Snapshot = snapshot;
        Range = range = range.FromNs < snapshot.KeptFromNs ? range with { FromNs = snapshot.KeptFromNs } : range;
        Slots = slots.ToArray();
        ReadSlots = snapshot.Replaced.Any && snapshot.VersionSlot >= 0 && !slots.Contains(snapshot.VersionSlot) ? [.. slots, snapshot.VersionSlot] : Slots;
        foreach (var file in snapshot.Files)
            if (range.Overlaps(file.File.FromNs, file.File.ToNs)) AddBlocks(file);
        if (snapshot.Sealed is { } moving) AddHot(moving);
        if (snapshot.Hot is { } hot) AddHot(hot);
    }

    public TableSnapshot Snapshot { get; }

    public ScanRange Range { get; }

    /// <summary>The columns wanted.</summary>
    public int[] Slots { get; }

    /// <summary>False: the exact times of rows are not looked at, so that they need not be read where all rows of a block are wanted; it has its earliest for each then.</summary>
    public bool ReadsTimes { get; init; } = true;

    /// <summary>Makes one for each thread; null: every block is read of which rows may be wanted.</summary>
    public Func<IBlockShortcut>? Shortcut { get; init; }

    /// <summary>True: rows of one series in a block are handed out where they lie. See <see cref="ScanReader.OneSeries"/>.</summary>
    public bool InRuns { get; init; }

    /// <summary>More threads than this would find nothing to do.</summary>
    public int Threads => Math.Max(1, _units.Count);

    /// <summary>Rows are still left out one by one, so there are at most so many.</summary>
    public long MostRows { get; private set; }

    /// <summary>The earliest time of rows in memory; later than <see cref="HotToNs"/> where there are none.</summary>
    internal long HotFromNs { get; private set; } = long.MaxValue;

    internal long HotToNs { get; private set; } = long.MinValue;

    /// <summary>Nobody wants the rest: readers end with <see cref="OperationCanceledException"/> soon.</summary>
    public bool Stopped
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>The columns wanted, and the version where it is needed to know which rows were replaced.</summary>
    internal int[] ReadSlots { get; }

    /// <summary>For one thread.</summary>
    /// <param name="buffers">Used until the last row was read; null for its own.</param>
    public ScanReader Read(ScanBuffers? buffers = null) => new(this, buffers ?? new ScanBuffers());

    internal bool Take(out ScanUnit unit)
    {
        var number = Interlocked.Increment(ref _next);
        unit = number < _units.Count ? _units[number] : default;
        return number < _units.Count;
    }

    private void AddBlocks(ColdBlocks file)
    {
        var blocks = file.Blocks;
        if (Range.Series is not { } series || series.Count > FewSeries)
        {
            AddBlocks(file, blocks.Blocks, 0, blocks.Blocks.Length);
            return;
        }

        var done = 0;
        foreach (var code in series.Codes)
        {
            var (first, end) = blocks.BlocksOf(code);
            AddBlocks(file, blocks.Blocks, Math.Max(done, first), end);
            done = Math.Max(done, end);
        }
    }

    private void AddBlocks(ColdBlocks file, ReadOnlySpan<BlockEntry> blocks, int from, int to)
    {
        for (var first = from; first < to;)
        {
            if (!Wanted(blocks[first]))
            {
                first++;
                continue;
            }

            var end = first;
            while (end < to && end - first < BlocksAtOnce && Wanted(blocks[end])) MostRows += blocks[end++].Rows;
            _units.Add(new ScanUnit(ScanUnitKind.Blocks, file, default, first, end));
            first = end;
        }
    }

    private bool Wanted(in BlockEntry block) =>
        Range.Overlaps(block.FromNs, block.ToNs) && (Range.Series is null || Range.Series.AnyOf(block.FirstSeries, block.LastSeries));

    private void AddHot(HotView hot)
    {
        for (var first = 0; first < hot.Count; first += RowColumns.Capacity)
        {
            var chunk = hot.Rows[first / RowColumns.Capacity];
            (HotFromNs, HotToNs) = (Math.Min(HotFromNs, chunk.FromNs), Math.Max(HotToNs, chunk.ToNs));
        }

        if (Range.Series is { } series && (series.Count == 1 || (long)series.Count * ChainStep < Snapshot.SeriesCount))
        {
            for (var first = 0; first < series.Count; first += ChainsAtOnce)
                _units.Add(new ScanUnit(ScanUnitKind.Chains, null, hot, first, Math.Min(first + ChainsAtOnce, series.Count)));
            MostRows += (long)hot.Count * series.Count / Math.Max(1, Snapshot.SeriesCount);
            return;
        }

        var chunks = (hot.Count + RowColumns.Capacity - 1) / RowColumns.Capacity;
        for (var first = 0; first < chunks;)
        {
            if (!Wanted(hot, first))
            {
                first++;
                continue;
            }

            var end = first;
            while (end < chunks && end - first < ChunksAtOnce && Wanted(hot, end)) end++;
            _units.Add(new ScanUnit(ScanUnitKind.Chunks, null, hot, first, end));
            MostRows += (long)(end - first) * RowColumns.Capacity;
            first = end;
        }
    }

    private bool Wanted(HotView hot, int chunk) => Range.Overlaps(hot.Rows[chunk].FromNs, hot.Rows[chunk].ToNs);
}
