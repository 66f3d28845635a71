using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Encoded blocks that are written together: all pieces of the first column, then all of the second, and so on, then the statistics.</summary>
internal sealed class BlockGroup
{
    private readonly ByteSink[] _columns;
    private readonly MeasureType[] _types;
    private readonly int[] _rows = new int[BlockLimits.BlocksPerGroup];

    /// <summary>By column, where they are kept, and block.</summary>
    private readonly ColumnStatistics[]?[] _statistics;
    private readonly ByteSink _entries = new();
    private readonly ByteSink _all = new();
    private int _firstBlock;

    public BlockGroup(IReadOnlyList<StoredColumn> columns)
    {
        _columns = [.. columns.Select(static _ => new ByteSink())];
        _types = [.. columns.Select(static column => column.Type)];
        _statistics = [.. columns.Select(static column => ColumnStatistics.AreKeptOf(column) ? new ColumnStatistics[BlockLimits.BlocksPerGroup] : null)];
    }

    public int Blocks { get; private set; }

    public bool IsFull => Blocks == BlockLimits.BlocksPerGroup || _columns.Sum(static column => (long)column.Count) >= BlockLimits.GroupBytes;

    public void Add(BlockRows rows)
    {
        var block = _firstBlock + Blocks;
        var entry = BlockIndex.EntryOf(rows.Rows);
        BlockIndex.Write(entry, _entries);
        for (var slot = 0; slot < _columns.Length; slot++)
        {
            var start = _columns[slot].Count;
            Encode(rows, entry, slot, _columns[slot]);
            if (_columns[slot].Count > start) _columns[slot].Word(BlockChecksum.Of(block, slot, _columns[slot].Written[start..]));
            _entries.Varint((ulong)(_columns[slot].Count - start));
            if (_statistics[slot] is { } statistics) ColumnStatistics.TryOf(rows.Rows.Columns[slot]!, entry.Rows, out statistics[Blocks]);
        }

        _rows[Blocks] = entry.Rows;
        Blocks++;
    }

    /// <summary>All pieces and statistics in their order on disk, until the next call; the group is empty then.</summary>
    public ReadOnlySpan<byte> Finish(ByteSink index)
    {
        index.Varint((ulong)Blocks);
        index.Bytes(_entries.Written);
        _entries.Clear();
        _all.Clear();
        foreach (var column in _columns)
        {
            _all.Bytes(column.Written);
            column.Clear();
        }

        for (var slot = 0; slot < _statistics.Length; slot++)
        {
            if (_statistics[slot] is not { } statistics) continue;
            var start = _all.Count;
            StatisticsCodec.Encode(_types[slot], _rows.AsSpan(0, Blocks), statistics, _all);
            if (_all.Count > start) _all.Word(BlockChecksum.Of(_firstBlock, BlockChecksum.StatisticsOf(slot), _all.Written[start..]));
            index.Varint((ulong)(_all.Count - start));
        }

        _firstBlock += Blocks;
        Blocks = 0;
        return _all.Written;
    }

    private static void Encode(BlockRows rows, BlockEntry entry, int slot, ByteSink into)
    {
        if (slot == 0)
        {
            if (entry.FirstSeries == entry.LastSeries) return;
            Span<long> series = stackalloc long[BlockLimits.Rows];
            for (var row = 0; row < entry.Rows; row++) series[row] = rows.Rows.Series[row];
            IntCodec.Encode(series[..entry.Rows], into);
        }
        else if (slot == 1) IntCodec.Encode(rows.Rows.TimeNs.AsSpan(0, entry.Rows), into);
        else PieceCodec.Encode(rows.Rows.Columns[slot]!, entry.Rows, into);
    }
}
