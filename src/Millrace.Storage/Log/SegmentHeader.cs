using System.Buffers.Binary;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>The first 32 bytes of a segment file: written and fsynced before the file gets its name.</summary>
//
//   at  size  what
//    0     8  magic, "MILLLOG1"
//    8     8  offset of the first record, little-endian
//   16     8  created, Unix milliseconds: for people; nothing decides by it
//   24     4  zero, kept for later
//   28     4  CRC-32C of bytes 0 to 27; also what the CRC of every frame in this file starts from
//
// The name of the file repeats the first offset. The header wins: files get renamed, headers do not.
internal readonly record struct SegmentHeader(long FirstOffset, long CreatedMs)
{
    public const int Size = 32;
    private static ReadOnlySpan<byte> Magic => "MILLLOG1"u8;

    /// <returns>The header's CRC.</returns>
    public uint Write(Span<byte> into)
    {
        Magic.CopyTo(into);
        BinaryPrimitives.WriteInt64LittleEndian(into[8..], FirstOffset);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], CreatedMs);
        BinaryPrimitives.WriteInt32LittleEndian(into[24..], 0);
        var crc = Crc32C.Of(into[..28]);
        BinaryPrimitives.WriteUInt32LittleEndian(into[28..], crc);
        return crc;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out SegmentHeader header, out uint crc)
    {
        header = default;
        crc = 0;
        if (bytes.Length < Size || !bytes.StartsWith(Magic)) return false;
        crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]);
        if (crc != Crc32C.Of(bytes[..28])) return false;
        header = new SegmentHeader(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
        return header.FirstOffset >= 0;
    }
}
