using System.Buffers.Binary;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>The first 24 bytes of a journal: written and fsynced, with all the documents there are, before the file gets its name.</summary>
//
//   at  size  what
//    0     8  magic, "MILLDOC1"
//    8     8  created, Unix milliseconds: for people; nothing decides by it
//   16     4  generation: 1, and one more each time the journal is written anew
//   20     4  CRC-32C of bytes 0 to 19; also what the CRC of every frame in this file starts from
internal readonly record struct JournalHeader(long CreatedMs, int Generation)
{
    public const int Size = 24;
    private const int CrcAt = 20;

    private static ReadOnlySpan<byte> Magic => "MILLDOC1"u8;

    /// <returns>The header's CRC.</returns>
    public uint Write(Span<byte> into)
    {
        Magic.CopyTo(into);
        BinaryPrimitives.WriteInt64LittleEndian(into[8..], CreatedMs);
        BinaryPrimitives.WriteInt32LittleEndian(into[16..], Generation);
        var crc = Crc32C.Of(into[..CrcAt]);
        BinaryPrimitives.WriteUInt32LittleEndian(into[CrcAt..], crc);
        return crc;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out JournalHeader header, out uint crc)
    {
        header = default;
        crc = 0;
        if (bytes.Length < Size || !bytes.StartsWith(Magic)) return false;
        crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]);
        header = new JournalHeader(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
        return crc == Crc32C.Of(bytes[..CrcAt]);
    }
}
