using System.Buffers.Binary;
using Millrace.Storage.Files;

namespace Millrace.Storage.Series.Blocks;

/// <summary>The CRC at the end of a piece. It knows which piece it is of, so that one is not taken for another.</summary>
internal static class BlockChecksum
{
    public const int Size = 4;

    /// <summary>What stands in place of the column where it is about a column's statistics, and the first block of their group in place of the block.</summary>
    public static int StatisticsOf(int slot) => slot | int.MinValue;

    public static uint Of(int block, int slot, ReadOnlySpan<byte> piece)
    {
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(place, block);
        BinaryPrimitives.WriteInt32LittleEndian(place[4..], slot);
        return Crc32C.Append(Crc32C.Of(place), piece);
    }
}
