using System.Buffers.Binary;
using Millrace.Storage.Files;

namespace Millrace.Storage.Series.Blocks;

/// <summary>The last bytes of a block file: where its index is. Written last, so a file without it was not finished.</summary>
//
//   at  size  what
//    0     8  where the index begins
//    8     4  bytes of the index
//   12     4  CRC-32C of the index
//   16     8  magic, "MILLBLKE"
//   24     4  CRC-32C of bytes 0 to 23
internal readonly record struct BlockFooter(long IndexAt, int IndexBytes, uint IndexCrc)
{
    public const int Size = 28;

    /// <summary>The first bytes of the file.</summary>
    public static ReadOnlySpan<byte> FileMagic => "MILLBLK2"u8;

    /// <summary>Those of a file of before there were statistics.</summary>
    public static ReadOnlySpan<byte> FileMagicOne => "MILLBLK1"u8;

    private static ReadOnlySpan<byte> Magic => "MILLBLKE"u8;

    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteInt64LittleEndian(into, IndexAt);
        BinaryPrimitives.WriteInt32LittleEndian(into[8..], IndexBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(into[12..], IndexCrc);
        Magic.CopyTo(into[16..]);
        BinaryPrimitives.WriteUInt32LittleEndian(into[24..], Crc32C.Of(into[..24]));
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out BlockFooter footer)
    {
        footer = new BlockFooter(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
        return bytes[16..].StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]) == Crc32C.Of(bytes[..24]);
    }
}
