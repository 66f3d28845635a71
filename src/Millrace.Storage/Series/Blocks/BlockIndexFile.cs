using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Finds the index in a block file.</summary>
internal static class BlockIndexFile
{
    /// <param name="file">Open.</param>
    /// <param name="path">Its path, for errors.</param>
    /// <param name="columns">All stored columns of the table; the file's are the first of them.</param>
    /// <exception cref="FaultException">Corrupt, with file and byte: not finished, not whole, or not of this table.</exception>
    public static BlockIndex Read(IFile file, string path, IReadOnlyList<StoredColumn> columns)
    {
        var magic = BlockFooter.FileMagic.Length;
        var length = file.Length;
        if (length < magic + BlockFooter.Size) throw Corrupt(path, length, "the file ends here: it was not finished");
        Span<byte> bytes = stackalloc byte[BlockFooter.Size];
        if (file.Read(0, bytes[..magic]) < magic) throw Corrupt(path, 0, "this is not a block file");
        var keepsStatistics = bytes.StartsWith(BlockFooter.FileMagic);
        if (!keepsStatistics && !bytes.StartsWith(BlockFooter.FileMagicOne)) throw Corrupt(path, 0, "this is not a block file");
        var end = length - BlockFooter.Size;
        if (file.Read(end, bytes) < bytes.Length || !BlockFooter.TryRead(bytes, out var footer))
            throw Corrupt(path, end, "the footer is not there: the file was not finished, or its end was lost");
        if (footer.IndexBytes is < 0 or > BlockLimits.IndexBytes || footer.IndexAt < magic || footer.IndexAt != end - footer.IndexBytes)
            throw Corrupt(path, end, "the footer says that the index is where it cannot be");
        var index = new byte[footer.IndexBytes];
        if (file.Read(footer.IndexAt, index) < index.Length || Crc32C.Of(index) != footer.IndexCrc)
            throw Corrupt(path, footer.IndexAt, "the checksum of the index is wrong");
        try
        {
            return BlockIndex.Read(index, columns, magic, footer.IndexAt, keepsStatistics);
        }
        catch (InvalidDataException broken)
        {
            throw Corrupt(path, footer.IndexAt, $"the index is not what a writer wrote: {broken.Message}");
        }
    }

    /// <summary>What is wrong with a block file, and where.</summary>
    public static FaultException Corrupt(string path, long at, string what) => new(Fault.Corrupt, $"{path}, byte {at}: {what}. Restore the file from a backup.");
}
