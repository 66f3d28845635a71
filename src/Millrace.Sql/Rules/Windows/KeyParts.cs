using System.Buffers;
using System.Buffers.Binary;

namespace Millrace.Sql.Rules.Windows;

/// <summary>The values of a group's key: JSON, in a form that is the same for equal values, each behind its length; empty where Undefined.</summary>
internal ref struct KeyParts(ReadOnlySpan<byte> key)
{
    private ReadOnlySpan<byte> _rest = key;

    public ReadOnlySpan<byte> Current { get; private set; }

    public bool Next()
    {
        if (_rest.Length < sizeof(ushort)) return false;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        Current = _rest.Slice(sizeof(ushort), length);
        _rest = _rest[(sizeof(ushort) + length)..];
        return true;
    }

    public static void Write(ArrayBufferWriter<byte> into, ReadOnlySpan<byte> json)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(into.GetSpan(sizeof(ushort)), (ushort)json.Length);
        into.Advance(sizeof(ushort));
        into.Write(json);
    }
}
