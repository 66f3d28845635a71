using System.Text;

namespace Millrace.Testing.Mqtt;

/// <summary>The data types of section 1.5 taken off the front of bytes, copied one by one. Throws where they are not valid.</summary>
internal sealed class PlainBytes(byte[] bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int _at;

    public bool IsEmpty => _at == bytes.Length;

    public static void Must(bool holds)
    {
        if (!holds) throw new FormatException("Not valid.");
    }

    public static bool IsTopicName(byte[] text)
    {
        var name = Strict.GetString(text);
        return name.Length > 0 && !name.Contains('+', StringComparison.Ordinal) && !name.Contains('#', StringComparison.Ordinal);
    }

    public int Byte() => Take(1)[0];

    public int Two() => (Byte() * 256) + Byte();

    public byte[] Take(int count)
    {
        Must(count <= bytes.Length - _at);
        _at += count;
        return bytes[(_at - count).._at];
    }

    public byte[] Binary() => Take(Two());

    public byte[] Text()
    {
        var text = Binary();
        try
        {
            Must(!Strict.GetString(text).Contains('\0', StringComparison.Ordinal));
        }
        catch (DecoderFallbackException)
        {
            Must(false);
        }

        return text;
    }

    public byte[] Rest() => Take(bytes.Length - _at);

    public int VarInt()
    {
        var value = 0;
        var multiplier = 1;
        for (var i = 0; i < 4; i++)
        {
            var part = Byte();
            value += part % 128 * multiplier;
            multiplier *= 128;
            if (part >= 128) continue;
            Must(part > 0 || i == 0);
            return value;
        }

        throw new FormatException("Five bytes of length.");
    }
}
