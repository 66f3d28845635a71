using System.Buffers.Binary;
using System.Buffers.Text;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>Bytes of a request while they are written. Used again for the next request.</summary>
internal sealed class RowBuffer
{
    // More than any one value, or the tags of a row, take.
    private const int Reserve = 1024;

    private byte[] _bytes = new byte[1 << 20];

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Count);

    public ArraySegment<byte> Segment => new(_bytes, 0, Count);

    public void Clear() => Count = 0;

    public void Byte(byte value)
    {
        Free()[0] = value;
        Count++;
    }

    public void Char(char value) => Byte((byte)value);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free());
        Count += bytes.Length;
    }

    public void Number(double value, int decimals) => Count += NumberText.Write(value, decimals, Free());

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Free(), out var written);
        Count += written;
    }

    public void BigShort(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Free(), value);
        Count += sizeof(short);
    }

    public void BigInt(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Free(), value);
        Count += sizeof(int);
    }

    public void BigLong(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Free(), value);
        Count += sizeof(long);
    }

    public void LittleInt(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Free(), value);
        Count += sizeof(uint);
    }

    public void LittleLong(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Free(), value);
        Count += sizeof(long);
    }

    private Span<byte> Free()
    {
        if (_bytes.Length - Count < Reserve) Array.Resize(ref _bytes, _bytes.Length * 2);
        return _bytes.AsSpan(Count);
    }
}
