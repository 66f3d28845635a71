using System.Buffers;
using System.Text;

namespace Millrace.Storage.Lake.Parquet;

/// <summary>Thrift's compact protocol, as far as the metadata of Parquet needs it. Fields of a struct are written in the order of their numbers.</summary>
/// <remarks>Source: thrift-compact-protocol.md of Apache Thrift.</remarks>
internal sealed class ThriftWriter
{
    private const int I32Type = 5;
    private const int I64Type = 6;
    private const int BinaryType = 8;
    private const int ListType = 9;
    private const int StructType = 12;
    private const int LongestShortList = 14;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Stack<int> _fields = [];
    private int _field;

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>A struct that is the whole, or an item of a list.</summary>
    public void Begin()
    {
        _fields.Push(_field);
        _field = 0;
    }

    /// <summary>A struct in a field.</summary>
    public void Begin(int field)
    {
        Field(field, StructType);
        Begin();
    }

    public void End()
    {
        Byte(0);
        _field = _fields.Pop();
    }

    public void Int32(int field, int value)
    {
        Field(field, I32Type);
        Item(value);
    }

    public void Int64(int field, long value)
    {
        Field(field, I64Type);
        Varint((ulong)((value << 1) ^ (value >> 63)));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Field(field, BinaryType);
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Structs follow, each by <see cref="Begin()"/> and <see cref="End"/>.</summary>
    public void Structs(int field, int count) => List(field, StructType, count);

    /// <summary>Numbers follow, each by <see cref="Item(int)"/>.</summary>
    public void Numbers(int field, int count) => List(field, I32Type, count);

    /// <summary>A list of one text.</summary>
    public void OneText(int field, string value)
    {
        List(field, BinaryType, 1);
        var bytes = Encoding.UTF8.GetBytes(value);
        Varint((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    public void Item(int value) => Varint((uint)((value << 1) ^ (value >> 31)));

    private void List(int field, int item, int count)
    {
        Field(field, ListType);
        if (count <= LongestShortList)
        {
            Byte((byte)((count << 4) | item));
            return;
        }

        Byte((byte)(0xF0 | item));
        Varint((ulong)count);
    }

    // No struct of Parquet has a gap of more than 15 between two fields.
    private void Field(int field, int type)
    {
        Byte((byte)(((field - _field) << 4) | type));
        _field = field;
    }

    private void Varint(ulong value)
    {
        for (; value > 0x7F; value >>= 7) Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}
