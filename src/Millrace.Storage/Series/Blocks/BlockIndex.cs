using System.Text;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>The index of a block file in memory: 32 bytes a block, 4 for each of its columns, and 16 a group and 4 for each column of it with statistics.</summary>
internal sealed class BlockIndex
{
    private readonly BlockEntry[] _blocks;

    /// <summary>By column: where its statistics come among those of a group; -1 where the file has none.</summary>
    private readonly int[] _statistics;

    /// <summary>By group: where it begins in the file, and its first block.</summary>
    private readonly (long At, int FirstBlock, int FirstPiece)[] _groups;

    /// <summary>Where each piece ends, and the statistics of each column, counted from its group's beginning; in the order of the file.</summary>
    private readonly int[] _ends;

    private BlockIndex(int[] statistics, BlockEntry[] blocks, (long At, int FirstBlock, int FirstPiece)[] groups, int[] ends)
    {
        _statistics = statistics;
        _blocks = blocks;
        _groups = groups;
        _ends = ends;
    }

    public int Columns => _statistics.Length;

    public ReadOnlySpan<BlockEntry> Blocks => _blocks;

    public bool KeepsStatistics { get; private init; }

    /// <summary>Where a piece is; without bytes where a column has no values in the block.</summary>
    public (long At, int Bytes) Piece(int block, int slot)
    {
        var group = _blocks[block].Group;
        var (at, first, firstPiece) = _groups[group];
        var piece = firstPiece + (slot * (EndOf(group) - first)) + block - first;
        var start = piece == firstPiece ? 0 : _ends[piece - 1];
        return (at + start, _ends[piece] - start);
    }

    /// <summary>The blocks of a group: the first, and the one behind the last.</summary>
    public (int First, int End) BlocksOf(int group) => (_groups[group].FirstBlock, EndOf(group));

    /// <summary>Where the statistics of a column in a group are; without bytes where there are none.</summary>
    public (long At, int Bytes) Statistics(int group, int slot)
    {
        var (at, first, firstPiece) = _groups[group];
        if (slot >= Columns || _statistics[slot] < 0) return (at, 0);
        var piece = firstPiece + (Columns * (EndOf(group) - first)) + _statistics[slot];
        return (at + _ends[piece - 1], _ends[piece] - _ends[piece - 1]);
    }

    public static void WriteColumns(IReadOnlyList<StoredColumn> columns, ByteSink into)
    {
        into.Varint((ulong)columns.Count);
        foreach (var (name, type) in columns)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            into.Varint((ulong)bytes.Length);
            into.Bytes(bytes);
            into.Byte((int)type);
        }
    }

    public static BlockEntry EntryOf(RowColumns rows)
    {
        long from = long.MaxValue, to = long.MinValue;
        foreach (var time in rows.TimeNs.AsSpan(0, rows.Count))
        {
            from = Math.Min(from, time);
            to = Math.Max(to, time);
        }

        return new BlockEntry(rows.Series[0], rows.Series[rows.Count - 1], from, to, rows.Count, 0);
    }

    public static void Write(BlockEntry entry, ByteSink into)
    {
        into.Varint((uint)entry.FirstSeries);
        into.Varint((uint)(entry.LastSeries - entry.FirstSeries));
        into.Signed(entry.FromNs);
        into.Varint((ulong)(entry.ToNs - entry.FromNs));
        into.Varint((ulong)entry.Rows);
    }

    /// <param name="bytes">The whole index.</param>
    /// <param name="columns">All stored columns of the table; the file's are the first of them.</param>
    /// <param name="start">Where the first group begins.</param>
    /// <param name="end">Where the last group ends.</param>
    /// <param name="keepsStatistics">The file is of a layout that has them.</param>
    /// <exception cref="InvalidDataException">No writer wrote this.</exception>
    public static BlockIndex Read(ReadOnlySpan<byte> bytes, IReadOnlyList<StoredColumn> columns, long start, long end, bool keepsStatistics)
    {
        var from = new ByteParser(bytes);
        var count = ReadColumns(ref from, columns);
        var kept = 0;
        int[] statistics = [.. columns.Take(count).Select(column => keepsStatistics && ColumnStatistics.AreKeptOf(column) ? kept++ : -1)];
        var blocks = new List<BlockEntry>();
        var groups = new List<(long, int, int)>();
        var ends = new List<int>();
        var lengths = new int[(BlockLimits.BlocksPerGroup * count) + kept];
        while (!from.AtEnd)
        {
            var size = from.Count(BlockLimits.BlocksPerGroup);
            if (size == 0) ByteParser.Broken("a group without blocks");
            groups.Add((start, blocks.Count, ends.Count));
            for (var block = 0; block < size; block++)
            {
                blocks.Add(ReadEntry(ref from, groups.Count - 1, blocks.Count > 0 ? blocks[^1].LastSeries : 0));
                for (var slot = 0; slot < count; slot++) lengths[(slot * size) + block] = from.Count(int.MaxValue);
            }

            var pieces = (size * count) + kept;
            for (var piece = size * count; piece < pieces; piece++) lengths[piece] = from.Count(int.MaxValue);
            var at = 0L;
            for (var piece = 0; piece < pieces; piece++)
            {
                at += lengths[piece];
                if (at > Math.Min(end - start, int.MaxValue)) ByteParser.Broken("its pieces are longer than the file");
                ends.Add((int)at);
            }

            start += at;
        }

        if (start != end) ByteParser.Broken($"its pieces end at byte {start}, and it begins at byte {end}");
        return new BlockIndex(statistics, [.. blocks], [.. groups], [.. ends]) { KeepsStatistics = keepsStatistics };
    }

    private int EndOf(int group) => group + 1 < _groups.Length ? _groups[group + 1].FirstBlock : _blocks.Length;

    private static int ReadColumns(ref ByteParser from, IReadOnlyList<StoredColumn> columns)
    {
        var count = from.Count(BlockLimits.Columns);
        if (count < StoredColumn.First.Length || count > columns.Count) ByteParser.Broken($"it has {count} columns, and the table {columns.Count}");
        for (var slot = 0; slot < count; slot++)
        {
            var name = Encoding.UTF8.GetString(from.Bytes(from.Count(SeriesLimits.MeasureNameBytes)));
            var type = (MeasureType)from.Byte();
            if (new StoredColumn(name, type) != columns[slot])
                ByteParser.Broken($"its column {slot} is '{SeriesLimits.Short(name)}' {type}, and the table's is '{columns[slot].Name}' {columns[slot].Type}");
        }

        return count;
    }

    private static BlockEntry ReadEntry(ref ByteParser from, int group, int lastSeries)
    {
        var first = from.Count(int.MaxValue);
        if (first < lastSeries) ByteParser.Broken("its blocks are not in the order of their series");
        var last = first + from.Count(int.MaxValue - first);
        var fromNs = from.Signed();
        var toNs = fromNs + (long)from.Varint();
        var rows = from.Count(BlockLimits.Rows);
        if (toNs < fromNs || rows == 0) ByteParser.Broken("a block without rows or times");
        return new BlockEntry(first, last, fromNs, toNs, rows, group);
    }
}
