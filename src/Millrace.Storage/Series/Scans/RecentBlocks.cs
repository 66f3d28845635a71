using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>The last blocks that were read, decoded: who asks for a series asks for it again. Files never change, so neither does what is kept. For one thread.</summary>
internal sealed class RecentBlocks
{
    /// <summary>Of so many columns at most blocks are to be kept: each is 16 KiB a block.</summary>
    public const int MostColumns = 8;

    /// <summary>How many are kept.</summary>
    public const int MostBlocks = 24;

    private readonly List<Kept> _kept = [];
    private long _used;

    /// <summary>Reads series and times of a block, or knows them still.</summary>
    /// <param name="file">Any file.</param>
    /// <param name="block">Of this file.</param>
    /// <param name="slots">Of stored columns that may be wanted, no texts.</param>
    /// <param name="times">False: each row gets the earliest time of the block.</param>
    /// <returns>The block, not to be changed, until the next call; its columns are not there before <see cref="Kept.ReadColumns"/>.</returns>
    /// <exception cref="Contracts.FaultException">Corrupt, with file and byte.</exception>
    public Kept Read(BlockFile file, int block, int[] slots, bool times)
    {
        foreach (var kept in _kept)
        {
            if (!kept.Is(file, block, slots, times)) continue;
            kept.Used = ++_used;
            return kept;
        }

        var next = _kept.Count < MostBlocks ? new Kept() : _kept.MinBy(static kept => kept.Used)!;
        _kept.Remove(next);
        next.Read(file, block, slots, times);
        next.Used = ++_used;
        _kept.Add(next);
        return next;
    }

    /// <summary>A block.</summary>
    internal sealed class Kept
    {
        private long _file;
        private int _block;
        private int[] _slots = [];
        private bool _times;
        private bool _hasColumns;

        public RowColumns Rows { get; } = new();

        /// <summary>The later, the greater.</summary>
        public long Used { get; set; }

        public bool Is(BlockFile file, int block, int[] slots, bool times) =>
            file.Number == _file && block == _block && times == _times && slots.AsSpan().SequenceEqual(_slots);

        public void Read(BlockFile file, int block, int[] slots, bool times)
        {
            file.ReadRows(block, Rows, null, block + 1, times);
            (_file, _block, _slots, _times, _hasColumns) = (file.Number, block, slots, times, false);
        }

        /// <summary>The columns, where they are not there yet.</summary>
        /// <param name="file">Its file.</param>
        /// <exception cref="Contracts.FaultException">Corrupt, with file and byte.</exception>
        public void ReadColumns(BlockFile file)
        {
            if (_hasColumns) return;
            file.ReadColumns(_block, _slots, Rows, null, _block + 1);
            _hasColumns = true;
        }
    }
}
