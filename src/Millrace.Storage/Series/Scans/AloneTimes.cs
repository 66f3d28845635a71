using Millrace.Storage.Series.Blocks;

namespace Millrace.Storage.Series.Scans;

/// <summary>Where the rows of a block's series can have company: the times of the neighbours that go on with the same series, and those of everything else that is read.</summary>
/// <remarks>Within a file rows are in the order of series and time, so that of a series only neighbours have more rows.</remarks>
internal readonly record struct AloneTimes
{
    private readonly (int Series, long ToNs) _before;
    private readonly (int Series, long FromNs) _behind;

    private AloneTimes(ReadOnlySpan<BlockEntry> blocks, int number)
    {
        _before = number > 0 ? (blocks[number - 1].LastSeries, blocks[number - 1].ToNs) : (-1, 0);
        _behind = number + 1 < blocks.Length ? (blocks[number + 1].FirstSeries, blocks[number + 1].FromNs) : (-1, 0);
        (AfterNs, BeforeNs) = (long.MinValue, long.MaxValue);
    }

    /// <summary>Nothing is certain.</summary>
    public static AloneTimes None => new() { AfterNs = long.MaxValue, BeforeNs = long.MinValue };

    /// <summary>Others than neighbours may have rows of the series then, and before.</summary>
    private long AfterNs { get; init; }

    /// <summary>And then, and later.</summary>
    private long BeforeNs { get; init; }

    /// <param name="scan">What is read: other rows do not count.</param>
    /// <param name="file">One of its files.</param>
    /// <param name="number">Of a block of this file.</param>
    public static AloneTimes Of(SeriesScan scan, ColdBlocks file, int number)
    {
        var blocks = file.Blocks.Blocks;
        var alone = new AloneTimes(blocks, number);
        foreach (var other in scan.Snapshot.Files)
            if (other != file && scan.Range.Overlaps(other.File.FromNs, other.File.ToNs)) alone = alone.Without(blocks[number], other);
        return scan.HotFromNs <= scan.HotToNs ? alone.Without(blocks[number], scan.HotFromNs, scan.HotToNs) : alone;
    }

    /// <summary>Whether no row of a stretch of time can be anywhere but in this block, or the one behind it.</summary>
    /// <param name="series">One of the block.</param>
    /// <param name="fromNs">The first time.</param>
    /// <param name="endNs">The first time behind it.</param>
    public bool Begins(int series, long fromNs, long endNs) => (AfterNs == long.MinValue || fromNs > AfterNs) && endNs <= BeforeNs && (series != _before.Series || fromNs > _before.ToNs);

    /// <summary>Whether no row of it is in the block behind.</summary>
    public bool Ends(int series, long endNs) => series != _behind.Series || endNs <= _behind.FromNs;

    private AloneTimes Without(in BlockEntry block, ColdBlocks other)
    {
        if (block.FirstSeries < block.LastSeries || other.File.ToNs < block.FromNs || other.File.FromNs > block.ToNs) return Without(block, other.File.FromNs, other.File.ToNs);
        var left = this;
        var blocks = other.Blocks;
        var (first, end) = blocks.BlocksOf(block.FirstSeries);
        foreach (var some in blocks.Blocks[first..end]) left = left.Without(block, some.FromNs, some.ToNs);
        return left;
    }

    // Where others have rows in the midst of the block, one side of it is left.
    private AloneTimes Without(in BlockEntry block, long fromNs, long toNs) =>
        fromNs > block.FromNs ? this with { BeforeNs = Math.Min(BeforeNs, fromNs) }
        : toNs < block.ToNs ? this with { AfterNs = Math.Max(AfterNs, toNs) }
        : None;
}
