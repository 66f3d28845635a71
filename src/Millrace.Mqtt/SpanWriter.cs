using System.Buffers.Binary;

namespace Millrace.Mqtt;

/// <summary>Puts the data types of section 1.5 into a span that is known to be large enough.</summary>
internal ref struct SpanWriter(Span<byte> into)
{
    private readonly Span<byte> _into = into;

    public int Used { get; private set; }

    public void Byte(byte value) => _into[Used++] = value;

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_into[Used..], value);
        Used += 2;
    }

    public void VarInt(int value) => Used += Mqtt.VarInt.Write(_into[Used..], value);

    public void Span(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_into[Used..]);
        Used += value.Length;
    }

    public void Binary(ReadOnlySpan<byte> value)
    {
        UInt16(checked((ushort)value.Length));
        Span(value);
    }

    public void Properties(Properties properties)
    {
        VarInt(properties.Bytes.Length);
        Span(properties.Bytes);
    }
}
