using System.Buffers.Binary;

namespace Millrace.Mqtt;

/// <summary>Lays out properties in memory the caller gives, which must be large enough for them.</summary>
public ref struct PropertyWriter(Span<byte> into)
{
    private readonly Span<byte> _into = into;
    private int _used;

    public readonly Properties Written => new(_into[.._used]);

    /// <summary>Adds a property that is a number, in the width that its id asks for.</summary>
    public void Add(PropertyId id, uint number)
    {
        _into[_used++] = (byte)id;
        switch (PropertyRules.KindOf(id))
        {
            case PropertyKind.Byte:
                _into[_used++] = checked((byte)number);
                break;
            case PropertyKind.TwoByte:
                BinaryPrimitives.WriteUInt16BigEndian(_into[_used..], checked((ushort)number));
                _used += 2;
                break;
            case PropertyKind.FourByte:
                BinaryPrimitives.WriteUInt32BigEndian(_into[_used..], number);
                _used += 4;
                break;
            case PropertyKind.VarInt:
                _used += VarInt.Write(_into[_used..], checked((int)number));
                break;
            default:
                throw new ArgumentException($"Property {id} is not a number.", nameof(id));
        }
    }

    /// <summary>Adds a property that is text or bytes.</summary>
    public void Add(PropertyId id, ReadOnlySpan<byte> value)
    {
        if (PropertyRules.KindOf(id) is not (PropertyKind.Text or PropertyKind.Binary))
            throw new ArgumentException($"Property {id} is neither text nor bytes.", nameof(id));
        _into[_used++] = (byte)id;
        Put(value);
    }

    /// <summary>Adds a copy of a property that was read.</summary>
    public void Add(in Property property)
    {
        switch (PropertyRules.KindOf(property.Id))
        {
            case PropertyKind.Pair:
                AddUser(property.Name, property.Value);
                break;
            case PropertyKind.Text or PropertyKind.Binary:
                Add(property.Id, property.Value);
                break;
            default:
                Add(property.Id, property.Number);
                break;
        }
    }

    public void AddUser(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _into[_used++] = (byte)PropertyId.UserProperty;
        Put(name);
        Put(value);
    }

    private void Put(ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_into[_used..], checked((ushort)value.Length));
        value.CopyTo(_into[(_used + 2)..]);
        _used += 2 + value.Length;
    }
}
