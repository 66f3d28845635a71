using System.Buffers.Binary;
using System.Text;
using Millrace.Contracts.Documents;

namespace Millrace.Storage.Documents;

/// <summary>One change as it stands in a frame of the journal.</summary>
//
//   at  size  what
//    0     1  bytes of collection, at least 1
//    1     2  bytes of key, at least 1
//    3     4  bytes of value; 0xFFFFFFFF: the document is removed
//    7     …  collection, key, value
internal static class ChangeBytes
{
    public const int Head = 7;
    private const uint Removed = uint.MaxValue;

    public static int SizeOf(in DocumentChange change) => SizeOf(change.Collection, change.Key, change.Value);

    public static int SizeOf(string collection, string key, byte[]? value) =>
        Head + Encoding.UTF8.GetByteCount(collection) + Encoding.UTF8.GetByteCount(key) + (value?.Length ?? 0);

    /// <param name="change">Within the limits.</param>
    /// <param name="into">Has room for it.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(in DocumentChange change, Span<byte> into)
    {
        var collection = Encoding.UTF8.GetBytes(change.Collection, into[Head..]);
        var key = Encoding.UTF8.GetBytes(change.Key, into[(Head + collection)..]);
        into[0] = (byte)collection;
        BinaryPrimitives.WriteUInt16LittleEndian(into[1..], (ushort)key);
        BinaryPrimitives.WriteUInt32LittleEndian(into[3..], (uint?)change.Value?.Length ?? Removed);
        change.Value?.CopyTo(into[(Head + collection + key)..]);
        return Head + collection + key + (change.Value?.Length ?? 0);
    }

    /// <summary>Takes the first change off.</summary>
    /// <param name="bytes">Afterwards, what stands behind it.</param>
    /// <param name="collection">UTF-8.</param>
    /// <param name="key">UTF-8.</param>
    /// <param name="value">Empty where the document is removed.</param>
    /// <param name="removed">Whether it is.</param>
    /// <returns>False where there is none within the limits.</returns>
    public static bool TryRead(
        ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> collection, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value, out bool removed)
    {
        collection = key = value = default;
        removed = false;
        if (bytes.Length < Head) return false;

        int collectionLength = bytes[0];
        int keyLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]);
        var valueLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes[3..]);
        removed = valueLength == Removed;
        if (removed) valueLength = 0;
        if (collectionLength is 0 or > DocumentLimits.MaxCollection || keyLength == 0 || valueLength > DocumentLimits.MaxValue) return false;
        if (bytes.Length - Head < collectionLength + keyLength + (int)valueLength) return false;

        collection = bytes.Slice(Head, collectionLength);
        key = bytes.Slice(Head + collectionLength, keyLength);
        value = bytes.Slice(Head + collectionLength + keyLength, (int)valueLength);
        bytes = bytes[(Head + collectionLength + keyLength + (int)valueLength)..];
        return true;
    }
}
