using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>A block file, open for reading. Any thread may read, several at once; its index stays in memory until it is disposed.</summary>
internal sealed class BlockFile : IDisposable
{
    private const int TimeSlot = 1;

    private static long _opened;

    private readonly IFile _file;
    private readonly string _path;
    private readonly IReadOnlyList<StoredColumn> _columns;
    private readonly BlockIndex _index;

    private BlockFile(IFile file, string path, IReadOnlyList<StoredColumn> columns)
    {
        _file = file;
        _path = path;
        _columns = [.. columns];
        _index = BlockIndexFile.Read(file, path, _columns);
    }

    /// <summary>No other file that this process opened has it.</summary>
    public long Number { get; } = Interlocked.Increment(ref _opened);

    /// <summary>In the order of the file: by series, then by time.</summary>
    public ReadOnlySpan<BlockEntry> Blocks => _index.Blocks;

    /// <summary>How many of the table's stored columns the file has.</summary>
    public int Columns => _index.Columns;

    /// <param name="disk">Where it is.</param>
    /// <param name="path">A file that is not there is Corrupt too: somebody promised it.</param>
    /// <param name="columns">All stored columns of the table: the file has the first of them.</param>
    /// <exception cref="FaultException">Corrupt, with file and byte: not finished, not whole, or not of this table.</exception>
    public static BlockFile Open(IDisk disk, string path, IReadOnlyList<StoredColumn> columns)
    {
        if (!disk.Exists(path)) throw new FaultException(Fault.Corrupt, $"{path} is missing. Restore it from a backup.");
        var file = disk.Open(path);
        try
        {
            return new BlockFile(file, path, columns);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The blocks that rows of one series may be in.</summary>
    /// <returns>The first, and the one behind the last: equal where there is none.</returns>
    public (int First, int End) BlocksOf(int series)
    {
        var blocks = Blocks;
        int first = 0, end = blocks.Length;
        while (first < end)
        {
            var middle = (first + end) / 2;
            if (blocks[middle].LastSeries < series) first = middle + 1;
            else end = middle;
        }

        while (end < blocks.Length && blocks[end].FirstSeries <= series) end++;
        return (first, end);
    }

    /// <summary>Reads series and time of a block's rows, and the columns asked for. What was in <paramref name="into"/> is gone.</summary>
    /// <param name="block">Its number in <see cref="Blocks"/>.</param>
    /// <param name="slots">Of stored columns; those that the file does not have are null in each row, and those that came after it was opened are null themselves.</param>
    /// <param name="into">Columns that are not there are made; those not asked for become null.</param>
    /// <exception cref="FaultException">Corrupt, with file and byte.</exception>
    public void Read(int block, ReadOnlySpan<int> slots, RowColumns into) => Read(block, slots, into, null, block + 1);

    /// <summary>Reads one column of a block; null in each row where the file does not have it.</summary>
    /// <exception cref="FaultException">Corrupt, with file and byte.</exception>
    public void ReadColumn(int block, int slot, RowColumn into) => ReadColumn(block, slot, into, null, block + 1, 0, Blocks[block].Rows);

    /// <summary>Whether a column is not null in some row of a block.</summary>
    public bool HasValues(int block, int slot) => slot < Columns && Piece(block, slot).Bytes > 0;

    /// <summary>Whether it is of a layout that has statistics.</summary>
    public bool KeepsStatistics => _index.KeepsStatistics;

    /// <summary>The blocks of a group: the first, and the one behind the last.</summary>
    public (int First, int End) BlocksOfGroup(int group) => _index.BlocksOf(group);

    /// <summary>Where it is said what is known of the values of a column in a group; without bytes where it is nothing.</summary>
    public (long At, int Bytes) StatisticsAt(int group, int slot) => _index.Statistics(group, slot);

    /// <summary>Reads what is known of the values of a column in all blocks of a group.</summary>
    /// <param name="group">One that has it.</param>
    /// <param name="slot">The column.</param>
    /// <param name="into">As many as the group has blocks; a count of 0 where nothing is known.</param>
    /// <exception cref="FaultException">Corrupt, with file and byte.</exception>
    public void ReadStatistics(int group, int slot, Span<ColumnStatistics> into)
    {
        var (first, end) = BlocksOfGroup(group);
        var (at, bytes) = StatisticsAt(group, slot);
        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            Fetch(at, buffer.AsSpan(0, bytes));
            StatisticsCodec.Decode(Checked(first, BlockChecksum.StatisticsOf(slot), buffer.AsSpan(0, bytes)), _columns[slot].Type, Blocks[first..end], into);
            for (var block = first; block < end; block++)
                if (into[block - first].Count > 0 && !HasValues(block, slot)) ByteParser.Broken($"statistics of block {block}, which has no values");
        }
        catch (InvalidDataException broken)
        {
            throw CorruptStatistics(group, slot, broken.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>An error about the statistics of a column in a group.</summary>
    public FaultException CorruptStatistics(int group, int slot, string what) => CorruptAt(StatisticsAt(group, slot).At, $"statistics of column {slot} in group {group}: {what}");

    /// <summary>An error about a block.</summary>
    public FaultException Corrupt(int block, string what) => CorruptAt(_index.Piece(block, 0).At, $"block {block}: {what}");

    public void Dispose() => _file.Dispose();

    /// <param name="block">As above.</param>
    /// <param name="slots">As above.</param>
    /// <param name="into">As above.</param>
    /// <param name="ahead">Takes the pieces of the blocks behind too; null: each by itself.</param>
    /// <param name="end">The blocks up to here, exclusive, will be asked for next.</param>
    /// <param name="times">False: each row gets the earliest time of the block.</param>
    internal void Read(int block, ReadOnlySpan<int> slots, RowColumns into, BlockReader? ahead, int end, bool times = true)
    {
        ReadRows(block, into, ahead, end, times);
        ReadColumns(block, slots, into, ahead, end);
    }

    /// <summary>The half of <see cref="Read(int, ReadOnlySpan{int}, RowColumns)"/> that shows whether a block has rows that somebody wants: series and times, and no other column.</summary>
    internal void ReadRows(int block, RowColumns into, BlockReader? ahead, int end, bool times = true)
    {
        var rows = into.Count = Blocks[block].Rows;
        ReadSeries(block, into.Series.AsSpan(0, rows), ahead, end);
        if (!times) into.TimeNs.AsSpan(0, rows).Fill(Blocks[block].FromNs);
        else ReadTimes(block, into, ahead, end);
    }

    /// <summary>Times, and nothing else.</summary>
    internal void ReadTimes(int block, RowColumns into, BlockReader? ahead, int end) =>
        ReadPiece(block, TimeSlot, into.TimeNs.AsSpan(0, Blocks[block].Rows), static (piece, times) => DecodeAll(piece, times), ahead, end);

    /// <summary>The other half.</summary>
    internal void ReadColumns(int block, ReadOnlySpan<int> slots, RowColumns into, BlockReader? ahead, int end) =>
        ReadColumns(block, slots, into, ahead, end, 0, Blocks[block].Rows);

    /// <summary>The other half, of some rows: the values of those before the first and from the end on are undefined.</summary>
    internal void ReadColumns(int block, ReadOnlySpan<int> slots, RowColumns into, BlockReader? ahead, int end, int firstRow, int endRow)
    {
        Prepare(slots, into);
        foreach (var slot in slots)
            if (slot >= StoredColumn.First.Length && into.Columns[slot] is { } column) ReadColumn(block, slot, column, ahead, end, firstRow, endRow);
    }

    /// <summary>Where a piece is, with its checksum; without bytes where a column has no values in the block.</summary>
    internal (long At, int Bytes) Piece(int block, int slot) => _index.Piece(block, slot);

    /// <exception cref="InvalidDataException">The file ends within.</exception>
    internal void Fetch(long at, Span<byte> into)
    {
        if (_file.Read(at, into) < into.Length) ByteParser.Broken("the file became shorter");
    }

    /// <summary>Columns for the slots asked for, and no others.</summary>
    private void Prepare(ReadOnlySpan<int> slots, RowColumns into)
    {
        var highest = -1;
        foreach (var slot in slots) highest = Math.Max(highest, slot);
        var had = into.Columns;
        if (had.Length <= highest) into.Columns = new RowColumn?[highest + 1];
        Span<bool> asked = stackalloc bool[into.Columns.Length];
        asked.Clear();
        foreach (var slot in slots) asked[slot] = slot >= StoredColumn.First.Length && slot < _columns.Count;
        for (var slot = 0; slot < asked.Length; slot++)
        {
            var column = asked[slot] && slot < had.Length ? had[slot] : null;
            into.Columns[slot] = !asked[slot] ? null : column?.Type == _columns[slot].Type ? column : new RowColumn(_columns[slot].Type);
        }
    }

    [SkipLocalsInit]
    private void ReadSeries(int block, Span<int> rows, BlockReader? ahead, int end)
    {
        var (first, last) = (Blocks[block].FirstSeries, Blocks[block].LastSeries);
        if (first == last)
        {
            rows.Fill(first);
            return;
        }

        Span<long> series = stackalloc long[BlockLimits.Rows];
        series = series[..rows.Length];
        ReadPiece(block, 0, series, static (piece, codes) => DecodeAll(piece, codes), ahead, end);
        for (var row = 0; row < rows.Length; row++)
        {
            if (series[row] < first || series[row] > last) throw Corrupt(block, $"row {row} is of series {series[row]}, and the index says {first} to {last}");
            rows[row] = (int)series[row];
        }
    }

    private void ReadColumn(int block, int slot, RowColumn into, BlockReader? ahead, int end, int firstRow, int endRow)
    {
        if (!HasValues(block, slot)) into.Clear();
        else
        {
            ReadPiece(
                block, slot, (Column: into, Blocks[block].Rows, First: firstRow, End: endRow), static (piece, to) => PieceCodec.Decode(piece, to.Rows, to.First, to.End, to.Column), ahead, end);
        }
    }

    private static void DecodeAll(ReadOnlySpan<byte> piece, Span<long> values)
    {
        var from = new ByteParser(piece);
        IntCodec.Decode(ref from, values);
        if (!from.AtEnd) ByteParser.Broken("it goes on behind its end");
    }

    private void ReadPiece<T>(int block, int slot, T into, Action<ReadOnlySpan<byte>, T> decode, BlockReader? ahead, int end)
        where T : allows ref struct
    {
        var (at, bytes) = Piece(block, slot);
        var buffer = ahead is null ? ArrayPool<byte>.Shared.Rent(bytes) : null;
        try
        {
            if (buffer is not null) Fetch(at, buffer.AsSpan(0, bytes));
            decode(Checked(block, slot, buffer is null ? ahead!.Piece(this, block, slot, end) : buffer.AsSpan(0, bytes)), into);
        }
        catch (InvalidDataException broken)
        {
            throw CorruptAt(at, $"column {slot} of block {block}: {broken.Message}");
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>The piece without its checksum.</returns>
    private static ReadOnlySpan<byte> Checked(int block, int slot, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= BlockChecksum.Size) ByteParser.Broken("it is shorter than its checksum");
        var piece = bytes[..^BlockChecksum.Size];
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[piece.Length..]) != BlockChecksum.Of(block, slot, piece)) ByteParser.Broken("its checksum is wrong");
        return piece;
    }

    private FaultException CorruptAt(long at, string what) => BlockIndexFile.Corrupt(_path, at, what);
}
