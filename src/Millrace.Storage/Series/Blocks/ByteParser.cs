using System.Buffers.Binary;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Takes apart what a <see cref="ByteSink"/> gathered. Whatever the bytes are, it never reads past their end.</summary>
internal ref struct ByteParser(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes taken so far.</summary>
    public int At { get; private set; }

    public readonly bool AtEnd => At == _bytes.Length;

    /// <exception cref="InvalidDataException">Always.</exception>
    public static void Broken(string what) => throw new InvalidDataException(what);

    public int Byte()
    {
        if (AtEnd) Broken("it ends too early");
        return _bytes[At++];
    }

    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = (ulong)Byte();
            value |= (part & 0x7F) << shift;
            if (part < 0x80) return value;
        }

        Broken("a number has more than ten bytes");
        return 0;
    }

    public long Signed() => ZigZag.Decode(Varint());

    /// <summary>A number that says how much follows: never more than the caller has room for.</summary>
    public int Count(int max)
    {
        var count = Varint();
        if (count > (ulong)max) Broken($"{count} where at most {max} is possible");
        return (int)count;
    }

    public uint Word() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _bytes.Length - At) Broken("it ends too early");
        At += count;
        return _bytes.Slice(At - count, count);
    }
}
