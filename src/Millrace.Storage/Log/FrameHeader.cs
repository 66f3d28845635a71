using System.Buffers.Binary;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>What stands before the records that one commit wrote to one partition (a large commit writes several frames).</summary>
//
//   at  size  what
//    0     4  magic, "FRM1"
//    4     4  CRC-32C of bytes 8 to the end of the frame, started from the segment header's CRC
//    8     4  bytes of records behind this header
//   12     4  number of records, at least 1
//   16     8  offset of the first record
//   24     8  durable: all records before this offset were fsynced before this frame was written
//   32     8  arrival of the first record, nanoseconds since 1970 UTC
//
// "Durable" tells a torn tail from bit rot. A bad frame is torn, and may be cut, unless a good frame behind it says that the bad one was
// already safe. Starting from the header's CRC keeps old frames of a reused disk block, and frames that somebody sends as a payload,
// from being taken for ours.
internal readonly record struct FrameHeader(int Length, int Count, long FirstOffset, long Durable, long ArrivalNs)
{
    public const int Size = 40;
    private const int CrcAt = 4;
    private const int CheckedFrom = 8;

    public static ReadOnlySpan<byte> Magic => "FRM1"u8;

    public long EndOffset => FirstOffset + Count;

    public long FrameSize => Size + (long)Length;

    /// <summary>Writes all but the CRC, which <see cref="Seal"/> adds once the records stand behind.</summary>
    public void Write(Span<byte> into)
    {
        Magic.CopyTo(into);
        BinaryPrimitives.WriteInt32LittleEndian(into[8..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], Count);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], FirstOffset);
        BinaryPrimitives.WriteInt64LittleEndian(into[24..], Durable);
        BinaryPrimitives.WriteInt64LittleEndian(into[32..], ArrivalNs);
    }

    public static void Seal(Span<byte> frame, uint seed) =>
        BinaryPrimitives.WriteUInt32LittleEndian(frame[CrcAt..], Crc32C.Append(seed, frame[CheckedFrom..]));

    /// <summary>Reads without the CRC, which needs the records too.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < Size || !bytes.StartsWith(Magic)) return false;
        header = new FrameHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]));
        return header.Count > 0 && header.Length >= (long)header.Count * RecordHeader.Size && header.FirstOffset >= 0;
    }

    public static bool Matches(ReadOnlySpan<byte> header, ReadOnlySpan<byte> records, uint seed) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[CrcAt..]) ==
        Crc32C.Append(Crc32C.Append(seed, header[CheckedFrom..Size]), records);
}
