using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Millrace.Contracts.Records;

namespace Millrace.Storage.Log;

/// <summary>What stands before each record of a frame; topic, key, properties and payload follow without gaps.</summary>
//
//   at  size  what
//    0     4  bytes of payload
//    4     2  bytes of topic
//    6     2  bytes of key
//    8     3  bytes of properties
//   11     1  flags
//   12     4  nanoseconds after the frame's first arrival
//
internal readonly record struct RecordHeader(
    int PayloadLength, int TopicLength, int KeyLength, int PropertiesLength, RecordFlags Flags, uint ArrivalDelta)
{
    public const int Size = 16;
    public const int MaxPropertiesLength = (1 << 24) - 1;

    /// <summary>Header and all that follows it.</summary>
    public long RecordSize => Size + (long)PayloadLength + TopicLength + KeyLength + PropertiesLength;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into, PayloadLength);
        BinaryPrimitives.WriteUInt16LittleEndian(into[4..], (ushort)TopicLength);
        BinaryPrimitives.WriteUInt16LittleEndian(into[6..], (ushort)KeyLength);
        BinaryPrimitives.WriteUInt32LittleEndian(into[8..], (uint)PropertiesLength | ((uint)Flags << 24));
        BinaryPrimitives.WriteUInt32LittleEndian(into[12..], ArrivalDelta);
    }

    /// <returns>False where the record does not fit into <paramref name="bytes"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordHeader header)
    {
        header = default;
        if (bytes.Length < Size) return false;
        var propertiesAndFlags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        header = new RecordHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
            (int)(propertiesAndFlags & MaxPropertiesLength),
            (RecordFlags)(propertiesAndFlags >> 24),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
        return header.PayloadLength >= 0 && header.RecordSize <= bytes.Length;
    }
}
