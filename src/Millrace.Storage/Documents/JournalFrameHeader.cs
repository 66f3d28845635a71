using System.Buffers.Binary;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>What stands before the changes that one commit wrote.</summary>
//
//   at  size  what
//    0     4  magic, "DOC1"
//    4     4  CRC-32C of bytes 8 to the end of the frame, started from the journal header's CRC
//    8     4  bytes of changes behind this header
//   12     4  number of changes
//   16     8  where in the file this frame begins
//
// Every frame is fsynced before the next is written: only the last one of a file can be torn. Its own position and the CRC of the journal's header
// keep what once stood in a disk block, or what somebody sends as a value, from being taken for a frame.
internal readonly record struct JournalFrameHeader(int Length, int Count, long Position)
{
    public const int Size = 24;

    /// <summary>Twice what ever waits for the disk: a longer frame is none of ours.</summary>
    public const int MaxLength = 128 * 1024 * 1024;
    private const int CrcAt = 4;
    private const int CheckedFrom = 8;

    public static ReadOnlySpan<byte> Magic => "DOC1"u8;

    public int FrameSize => Size + Length;

    public long End => Position + FrameSize;

    /// <summary>Writes the header before the changes that stand in the frame already.</summary>
    public void Seal(Span<byte> frame, uint seed)
    {
        Magic.CopyTo(frame);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], Count);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], Position);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[CrcAt..], Crc32C.Append(seed, frame[CheckedFrom..]));
    }

    /// <summary>Reads without the CRC, which needs the changes too.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out JournalFrameHeader header)
    {
        header = default;
        if (bytes.Length < Size || !bytes.StartsWith(Magic)) return false;
        header = new JournalFrameHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
        return header.Length is >= 0 and <= MaxLength && header.Count >= 0;
    }

    public static bool Matches(ReadOnlySpan<byte> frame, uint seed) =>
        BinaryPrimitives.ReadUInt32LittleEndian(frame[CrcAt..]) == Crc32C.Append(seed, frame[CheckedFrom..]);
}
