using System.Buffers.Binary;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Series;

/// <summary>The rows in a table's files that a higher version replaced.</summary>
//
//   at  size  what
//    0     8  magic, "MILLREP1"
//    8     4  CRC-32C of all from byte 12
//   12     4  number of entries
//   16        entries, one after the other, little-endian:
//
//    0     4  series code
//    4     8  time, nanoseconds since 1970
//   12     8  version
internal static class ReplacedFile
{
    private const int HeaderSize = 16;
    private const int EntrySize = 20;
    private const int CrcFrom = 12;

    private static ReadOnlySpan<byte> Magic => "MILLREP1"u8;

    public static byte[] Write(IReadOnlyCollection<ReplacedRow> rows)
    {
        var bytes = new byte[HeaderSize + (rows.Count * EntrySize)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(CrcFrom), rows.Count);
        var at = HeaderSize;
        foreach (var row in rows)
        {
            var entry = bytes.AsSpan(at, EntrySize);
            BinaryPrimitives.WriteInt32LittleEndian(entry, row.Series);
            BinaryPrimitives.WriteInt64LittleEndian(entry[4..], row.TimeNs);
            BinaryPrimitives.WriteInt64LittleEndian(entry[12..], row.Version);
            at += EntrySize;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Crc32C.Of(bytes.AsSpan(CrcFrom)));
        return bytes;
    }

    /// <exception cref="FaultException">Corrupt, with the file and the reason.</exception>
    public static void Load(ReadOnlySpan<byte> bytes, string path, ReplacedRows into)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith(Magic)) throw Corrupt(path, "it does not begin as such a file does");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Crc32C.Of(bytes[CrcFrom..])) throw Corrupt(path, "its checksum is wrong");
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[CrcFrom..]) is var count && bytes.Length != HeaderSize + ((long)count * EntrySize))
            throw Corrupt(path, $"{bytes.Length} bytes cannot hold {count} entries");
        for (var entry = bytes[HeaderSize..]; entry.Length > 0; entry = entry[EntrySize..])
        {
            into.Add(new ReplacedRow(
                BinaryPrimitives.ReadInt32LittleEndian(entry), BinaryPrimitives.ReadInt64LittleEndian(entry[4..]), BinaryPrimitives.ReadInt64LittleEndian(entry[12..]), 0, 0));
        }
    }

    private static FaultException Corrupt(string path, string what) =>
        new(Fault.Corrupt, $"{path} cannot be read: {what}. Restore the series directory from a backup, or move it away: it is rebuilt as far as the log reaches.");
}
