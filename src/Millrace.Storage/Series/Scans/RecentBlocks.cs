using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>The last few blocks that were read, decoded: who asks for a series asks for it again. Files never change, so neither does what is kept. For one thread.</summary>
internal sealed class RecentBlocks
{
    private const int MostBlocks = 8;

    /// <summary>A block has 16 KiB for each.</summary>
    private const int MostColumns = 12;

    private readonly List<Kept> _kept = [];
    private long _used;

    /// <summary>Reads a block, or knows it still.</summary>
    /// <param name="file">Any file.</param>
    /// <param name="block">Of this file.</param>
    /// <param name="slots">Of stored columns.</param>
    /// <param name="times">False: each row gets the earliest time of the block.</param>
    /// <returns>Its rows, not to be changed, until the next call; null where such a block is not kept, and was not read.</returns>
    /// <exception cref="Contracts.FaultException">Corrupt, with file and byte.</exception>
    public RowColumns? Read(BlockFile file, int block, int[] slots, bool times)
    {
        if (slots.Length > MostColumns) return null;
        var key = new Key(file.Number, block, times);
        foreach (var kept in _kept)
        {
            if (kept.Key != key || !kept.Slots.AsSpan().SequenceEqual(slots)) continue;
            kept.Used = ++_used;
            return kept.Rows;
        }

        var next = _kept.Count < MostBlocks ? new Kept() : _kept.MinBy(static kept => kept.Used)!;
        _kept.Remove(next);
        file.Read(block, slots, next.Rows, null, block + 1, times);

        // Texts may be long.
        if (next.Rows.Columns.Any(static column => column?.Type == MeasureType.Varchar)) return next.Rows;
        (next.Key, next.Slots, next.Used) = (key, slots, ++_used);
        _kept.Add(next);
        return next.Rows;
    }

    private readonly record struct Key(long File, int Block, bool Times);

    private sealed class Kept
    {
        public Key Key { get; set; }

        public int[] Slots { get; set; } = [];

        public RowColumns Rows { get; } = new();

        /// <summary>The later, the greater.</summary>
        public long Used { get; set; }
    }
}
