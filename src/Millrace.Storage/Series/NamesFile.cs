using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Millrace.Contracts;

namespace Millrace.Storage.Series;

/// <summary>Series of all tables, as they are moved to files: new ones with their keys, known ones with what is newer.</summary>
//
//   at  size  what
//    0     8  magic, "MILLNAM1"
//    8     4  CRC-32C of all from byte 16
//   12     4  zero, kept for later
//   16        entries, one after the other, little-endian:
//
//    0     4  table id
//    4     4  series code
//    8     8  time of the newest point, nanoseconds since 1970
//   16     8  value of the newest point: the bits of a double, a bigint, 0 or 1 of a boolean; else zero
//   24     2  length of the key, or 65535 where the series is in an earlier file
//   26        the key (SeriesIndex says what is in it)
internal static class NamesFile
{
    private const int HeaderSize = 16;
    private const int EntrySize = 26;
    private const ushort Known = ushort.MaxValue;

    private static ReadOnlySpan<byte> Magic => "MILLNAM1"u8;

    /// <summary>Begins a file; <see cref="Finish"/> ends it.</summary>
    public static ArrayBufferWriter<byte> Begin()
    {
        var file = new ArrayBufferWriter<byte>();
        Magic.CopyTo(file.GetSpan(HeaderSize));
        file.Advance(HeaderSize);
        return file;
    }

    /// <param name="file">As <see cref="Begin"/> gave it.</param>
    /// <param name="table">Whose series.</param>
    /// <param name="code">The series.</param>
    /// <param name="withKey">It is in no earlier file.</param>
    public static void Add(ArrayBufferWriter<byte> file, SeriesTable table, int code, bool withKey)
    {
        var key = withKey ? table.Series.KeyOf(code) : default;
        ref var state = ref table.Series[code];
        var entry = file.GetSpan(EntrySize + key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry, table.Id);
        BinaryPrimitives.WriteInt32LittleEndian(entry[4..], code);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], state.NewestNs);
        BinaryPrimitives.WriteInt64LittleEndian(entry[16..], state.LatestBits);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[24..], withKey ? (ushort)key.Length : Known);
        key.CopyTo(entry[EntrySize..]);
        file.Advance(EntrySize + key.Length);
    }

    public static byte[] Finish(ArrayBufferWriter<byte> file)
    {
        var bytes = file.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Crc(bytes.AsSpan(HeaderSize)));
        return bytes;
    }

    public static bool IsEmpty(byte[] file) => file.Length == HeaderSize;

    /// <summary>Takes a file up into the tables.</summary>
    public static void Load(ReadOnlySpan<byte> bytes, string path, IReadOnlyDictionary<int, SeriesTable> tables)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith(Magic)) throw Corrupt(path, "it does not begin as such a file does");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Crc(bytes[HeaderSize..])) throw Corrupt(path, "its checksum is wrong");
        for (var entry = bytes[HeaderSize..]; entry.Length > 0;)
        {
            if (entry.Length < EntrySize || !tables.TryGetValue(BinaryPrimitives.ReadInt32LittleEndian(entry), out var table)) throw Corrupt(path, "an entry is of no table");
            var code = BinaryPrimitives.ReadInt32LittleEndian(entry[4..]);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(entry[24..]);
            var key = length == Known ? default : entry.Slice(EntrySize, length);
            if (key.Length > 0 ? code != Add(table, key, path) : code >= table.Series.Count) throw Corrupt(path, $"series {code} of {table.Name} is out of order");
            ref var state = ref table.Series[code];
            state.NewestNs = state.MovedNs = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
            state.LatestBits = BinaryPrimitives.ReadInt64LittleEndian(entry[16..]);
            table.MovedSeries = table.Series.Count;
            entry = entry[(EntrySize + key.Length)..];
        }
    }

    private static int Add(SeriesTable table, ReadOnlySpan<byte> key, string path) =>
        table.Series.KindOf(SeriesIndex.MeasureNameOf(key)) is { } kind
            ? table.Series.Add(key, kind)
            : throw Corrupt(path, $"a series of {table.Name} has a measure name that the manifest does not know");

    private static FaultException Corrupt(string path, string what) =>
        new(Fault.Corrupt, $"{path} cannot be read: {what}. Restore the series directory from a backup, or move it away: it is rebuilt as far as the log reaches.");

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
