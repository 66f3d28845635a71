using System.Buffers.Binary;

namespace Millrace.Mqtt;

/// <summary>Takes the data types of section 1.5 off the front of a span; false where it is too short for one.</summary>
internal ref struct SpanReader(ReadOnlySpan<byte> bytes)
{
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public readonly bool IsEmpty => Rest.IsEmpty;

    public bool TryByte(out byte value)
    {
        value = 0;
        if (Rest.IsEmpty) return false;
        value = Rest[0];
        Rest = Rest[1..];
        return true;
    }

    public bool TryUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(Rest, out value)) return false;
        Rest = Rest[2..];
        return true;
    }

    public bool TryUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(Rest, out value)) return false;
        Rest = Rest[4..];
        return true;
    }

    public bool TryVarInt(out int value)
    {
        if (VarInt.Read(Rest, out value, out var used) != Decode.Done) return false;
        Rest = Rest[used..];
        return true;
    }

    /// <summary>Bytes behind their two byte length.</summary>
    public bool TryBinary(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryUInt16(out var length) && TrySpan(length, out value);
    }

    /// <summary>A string behind its two byte length; false also where it is not valid.</summary>
    public bool TryText(out ReadOnlySpan<byte> value) => TryBinary(out value) && Utf8Text.IsValid(value);

    public bool TrySpan(int length, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (length > Rest.Length) return false;
        value = Rest[..length];
        Rest = Rest[length..];
        return true;
    }
}
