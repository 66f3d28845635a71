using System.Buffers.Binary;

namespace Millrace.Storage.Lake.Parquet;

/// <summary>Reads structs of Thrift's compact protocol as they come: numbers are <see cref="long"/>, texts arrays of bytes, structs dictionaries by field, lists lists.</summary>
internal static class ThriftReader
{
    private const int MaxDepth = 16;

    /// <exception cref="InvalidDataException">These bytes are no struct.</exception>
    public static Dictionary<int, object> Read(ReadOnlySpan<byte> bytes, out int used)
    {
        used = 0;
        return Struct(bytes, ref used, 0);
    }

    private static Dictionary<int, object> Struct(ReadOnlySpan<byte> bytes, ref int at, int depth)
    {
        if (depth > MaxDepth) throw new InvalidDataException("structs in structs without end");
        var fields = new Dictionary<int, object>();
        for (var field = 0; ;)
        {
            var head = Byte(bytes, ref at);
            if (head == 0) return fields;
            field = head >> 4 is var delta and > 0 ? field + delta : (int)Number(bytes, ref at);
            fields[field] = Value(bytes, ref at, head & 15, depth);
        }
    }

    private static object Value(ReadOnlySpan<byte> bytes, ref int at, int type, int depth)
    {
        switch (type)
        {
            case 1 or 2:
                return type == 1 ? 1L : 0L;
            case 3:
                return (long)Byte(bytes, ref at);
            case 4 or 5 or 6:
                return Number(bytes, ref at);
            case 7:
                return BinaryPrimitives.ReadInt64LittleEndian(Take(bytes, ref at, sizeof(long)));
            case 8:
                return Take(bytes, ref at, (long)Varint(bytes, ref at)).ToArray();
            case 9 or 10:
                var head = Byte(bytes, ref at);
                var count = head >> 4 is var few and < 15 ? (ulong)few : Varint(bytes, ref at);
                if (count > (ulong)bytes.Length) throw new InvalidDataException("a list is longer than the file");
                var items = new List<object>();
                for (var i = 0UL; i < count; i++) items.Add(Value(bytes, ref at, head & 15, depth + 1));
                return items;
            case 12:
                return Struct(bytes, ref at, depth + 1);
            default:
                throw new InvalidDataException($"there is no type {type}");
        }
    }

    private static long Number(ReadOnlySpan<byte> bytes, ref int at) => Varint(bytes, ref at) is var value ? (long)(value >> 1) ^ -(long)(value & 1) : 0;

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte(bytes, ref at);
            value |= (ulong)(part & 0x7F) << shift;
            if (part <= 0x7F) return value;
        }

        throw new InvalidDataException("a number without end");
    }

    private static byte Byte(ReadOnlySpan<byte> bytes, ref int at) => Take(bytes, ref at, 1)[0];

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, ref int at, long length)
    {
        if (length < 0 || length > bytes.Length - at) throw new InvalidDataException("it ends too early");
        at += (int)length;
        return bytes.Slice(at - (int)length, (int)length);
    }
}
