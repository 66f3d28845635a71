using System.Buffers.Binary;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Bytes that grow, in a buffer that is used again after <see cref="Clear"/>.</summary>
internal sealed class ByteSink
{
    private byte[] _bytes = new byte[256];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Truncate(int count) => Count = count;

    public void Byte(int value)
    {
        if (Count == _bytes.Length) Array.Resize(ref _bytes, Count * 2);
        _bytes[Count++] = (byte)value;
    }

    /// <summary>Seven bits a byte, lowest first; the highest bit says that more follow.</summary>
    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Byte((int)value | 0x80);
        Byte((int)value);
    }

    /// <summary>Small for numbers near zero of either sign: 0, -1, 1, -2 … are 0, 1, 2, 3 …</summary>
    public void Signed(long value) => Varint(ZigZag.Encode(value));

    public void Word(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Long(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Room for so many bytes, to be filled by the caller: what was there before is still in it.</summary>
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - Count < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Count + count));
        Count += count;
        return _bytes.AsSpan(Count - count, count);
    }
}
