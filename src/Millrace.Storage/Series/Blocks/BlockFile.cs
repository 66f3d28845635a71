using System.Buffers;
using System.Buffers.Binary;
using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>A block file, open for reading. Any thread may read, several at once; its index stays in memory until it is disposed.</summary>
internal sealed class BlockFile : IDisposable
{
    private readonly IFile _file;
    private readonly string _path;
    private readonly IReadOnlyList<StoredColumn> _columns;
    private readonly BlockIndex _index;

    private BlockFile(IFile file, string path, IReadOnlyList<StoredColumn> columns)
    {
        _file = file;
        _path = path;
        _columns = [.. columns];
        _index = ReadIndex();
    }

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
    /// <param name="slots">Of stored columns; those that the file does not have are null in each row.</param>
    /// <param name="into">Columns that are not there are made; those not asked for become null.</param>
    /// <exception cref="FaultException">Corrupt, with file and byte.</exception>
    public void Read(int block, ReadOnlySpan<int> slots, RowColumns into)
    {
        var entry = Blocks[block];
        into.Count = entry.Rows;
        Prepare(slots, into);
        ReadSeries(block, entry, into);
        ReadPiece(block, 1, into.TimeNs.AsSpan(0, entry.Rows), static (piece, times) => DecodeAll(piece, times));
        foreach (var slot in slots)
        {
            if (slot < StoredColumn.First.Length) continue;
            if (slot >= Columns) into.Columns[slot]!.Clear();
            else ReadPiece(block, slot, (into.Columns[slot]!, entry.Rows), static (piece, to) => PieceCodec.Decode(piece, to.Rows, to.Item1));
        }
    }

    public void Dispose() => _file.Dispose();

    private void Prepare(ReadOnlySpan<int> slots, RowColumns into)
    {
        var highest = -1;
        foreach (var slot in slots) highest = Math.Max(highest, slot);
        if (into.Columns.Length <= highest)
        {
            var wider = new RowColumn?[highest + 1];
            into.Columns.CopyTo(wider, 0);
            into.Columns = wider;
        }

        for (var slot = 0; slot < into.Columns.Length; slot++)
            if (slot < StoredColumn.First.Length || !slots.Contains(slot)) into.Columns[slot] = null;
            else if (into.Columns[slot]?.Type != _columns[slot].Type) into.Columns[slot] = new RowColumn(_columns[slot].Type);
    }

    private void ReadSeries(int block, BlockEntry entry, RowColumns into)
    {
        var rows = into.Series.AsSpan(0, entry.Rows);
        if (entry.FirstSeries == entry.LastSeries) rows.Fill(entry.FirstSeries);
        else
        {
            Span<long> series = stackalloc long[BlockLimits.Rows];
            ReadPiece(block, 0, series[..entry.Rows], static (piece, codes) => DecodeAll(piece, codes));
            for (var row = 0; row < rows.Length; row++) rows[row] = (int)series[row];
        }
    }

    private static void DecodeAll(ReadOnlySpan<byte> piece, Span<long> values)
    {
        var from = new ByteParser(piece);
        IntCodec.Decode(ref from, values);
        if (!from.AtEnd) ByteParser.Broken("it goes on behind its end");
    }

    private void ReadPiece<T>(int block, int slot, T into, Action<ReadOnlySpan<byte>, T> decode)
        where T : allows ref struct
    {
        var (at, bytes) = _index.Piece(block, slot);
        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            decode(Checked(block, slot, at, buffer.AsSpan(0, bytes)), into);
        }
        catch (InvalidDataException broken)
        {
            throw Corrupt(at, $"column {slot} of block {block}: {broken.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a piece whole, and what it is without its checksum.</summary>
    private ReadOnlySpan<byte> Checked(int block, int slot, long at, Span<byte> buffer)
    {
        if (buffer.IsEmpty) return default;
        if (_file.Read(at, buffer) < buffer.Length) ByteParser.Broken("the file became shorter");
        if (buffer.Length <= BlockChecksum.Size) ByteParser.Broken("it is shorter than its checksum");
        var piece = buffer[..^BlockChecksum.Size];
        if (BinaryPrimitives.ReadUInt32LittleEndian(buffer[piece.Length..]) != BlockChecksum.Of(block, slot, piece)) ByteParser.Broken("its checksum is wrong");
        return piece;
    }

    private BlockIndex ReadIndex()
    {
        var magic = BlockFooter.FileMagic.Length;
        var length = _file.Length;
        if (length < magic + BlockFooter.Size) throw Corrupt(length, "the file ends here: it was not finished");
        Span<byte> bytes = stackalloc byte[BlockFooter.Size];
        if (_file.Read(0, bytes[..magic]) < magic || !bytes.StartsWith(BlockFooter.FileMagic)) throw Corrupt(0, "this is not a block file");
        var end = length - BlockFooter.Size;
        if (_file.Read(end, bytes) < bytes.Length || !BlockFooter.TryRead(bytes, out var footer))
            throw Corrupt(end, "the footer is not there: the file was not finished, or its end was lost");
        if (footer.IndexBytes is < 0 or > BlockLimits.IndexBytes || footer.IndexAt < magic || footer.IndexAt != end - footer.IndexBytes)
            throw Corrupt(end, "the footer says that the index is where it cannot be");
        var index = new byte[footer.IndexBytes];
        if (_file.Read(footer.IndexAt, index) < index.Length || Crc32C.Of(index) != footer.IndexCrc) throw Corrupt(footer.IndexAt, "the checksum of the index is wrong");
        try
        {
            return BlockIndex.Read(index, _columns, magic, footer.IndexAt);
        }
        catch (InvalidDataException broken)
        {
            throw Corrupt(footer.IndexAt, $"the index is not what a writer wrote: {broken.Message}");
        }
    }

    private FaultException Corrupt(long at, string what) => new(Fault.Corrupt, $"{_path}, byte {at}: {what}. Restore the file from a backup.");
}
