namespace Millrace.Mqtt;

/// <summary>The variable byte integer: seven bits a byte, lowest first, four bytes at most.</summary>
public static class VarInt
{
    public const int Max = 268_435_455;

    public static Decode Read(ReadOnlySpan<byte> bytes, out int value, out int used)
    {
        value = 0;
        for (used = 0; used < 4;)
        {
            if (used == bytes.Length) return Decode.NeedMore;

            var part = bytes[used];
            value |= (part & 0x7F) << (7 * used++);
            if (part > 0x7F) continue;

            // [MQTT-1.5.5-1] The shortest form only, or two encodings would mean one length.
            return part == 0 && used > 1 ? Decode.Malformed : Decode.Done;
        }

        return Decode.Malformed;
    }

    public static int SizeOf(int value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> into, int value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, (uint)Max, nameof(value));
        var used = 0;
        while (value > 0x7F)
        {
            into[used++] = (byte)(value | 0x80);
            value >>= 7;
        }

        into[used++] = (byte)value;
        return used;
    }
}
