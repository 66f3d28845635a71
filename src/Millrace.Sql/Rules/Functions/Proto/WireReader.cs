using System.Buffers.Binary;

namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary>Steps through a message of Protocol Buffers, field by field. Bytes that are none set <see cref="Failed"/> and end it.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    // Groups in groups that nobody knows are stepped over with one call each.
    private const int MaxGroups = 64;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; private set; }

    public bool Failed { get; private set; }

    public int Field { get; private set; }

    public WireType Type { get; private set; }

    /// <summary>Of numbers.</summary>
    public ulong Number { get; private set; }

    /// <summary>Where the bytes of a text, a message, or a group stand.</summary>
    public int Start { get; private set; }

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _bytes.Slice(Start, Length);

    /// <summary>The next field with its value.</summary>
    public bool Next() => Next(0);

    /// <summary>A number without the field's before it, as in packed ones.</summary>
    public bool NextPacked(WireType type)
    {
        if (At == _bytes.Length) return false;
        Type = type;
        return TryValue(0);
    }

    private bool Next(int depth)
    {
        if (Failed || At == _bytes.Length) return false;
        if (!TryVarint(out var tag) || tag > uint.MaxValue) return Fail();
        Field = (int)(tag >> 3);
        Type = (WireType)(tag & 7);
        return Field > 0 ? TryValue(depth) : Fail();
    }

    private bool TryValue(int depth)
    {
        switch (Type)
        {
            case WireType.Varint:
                if (!TryVarint(out var number)) return Fail();
                Number = number;
                return true;
            case WireType.Fixed32:
                if (_bytes.Length - At < 4) return Fail();
                Number = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[At..]);
                At += 4;
                return true;
            case WireType.Fixed64:
                if (_bytes.Length - At < 8) return Fail();
                Number = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[At..]);
                At += 8;
                return true;
            case WireType.Bytes:
                if (!TryVarint(out var length) || length > (ulong)(_bytes.Length - At)) return Fail();
                (Start, Length) = (At, (int)length);
                At += (int)length;
                return true;
            case WireType.StartGroup:
                return TryGroup(depth);
            default:
                return Type == WireType.EndGroup && depth > 0 ? true : Fail();
        }
    }

    /// <summary>A group with all that is in it, up to its end.</summary>
    private bool TryGroup(int depth)
    {
        if (depth == MaxGroups) return Fail();
        var (field, start) = (Field, At);
        while (true)
        {
            var end = At;
            if (!Next(depth + 1)) return Fail();
            if (Type != WireType.EndGroup)
                continue;
            if (Field != field) return Fail();
            (Type, Start, Length) = (WireType.StartGroup, start, end - start);
            return true;
        }
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && At < _bytes.Length; shift += 7)
        {
            var part = _bytes[At++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return true;
        }

        return false;
    }

    private bool Fail()
    {
        Failed = true;
        return false;
    }
}
