using System.Buffers;
using System.Globalization;
using System.Text;

namespace Millrace.Sql.Payload;

/// <summary>The text of JSON strings: escapes taken out, and put in.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> MustEscape = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static c => (byte)c), (byte)'"', (byte)'\\']);

    /// <summary>Takes the escapes out of a string that <see cref="JsonScanner"/> has checked. The result is never longer.</summary>
    /// <remarks>Half a surrogate pair has no UTF-8; it becomes U+FFFD.</remarks>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> into)
    {
        var written = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0) plain = raw.Length;
            raw[..plain].CopyTo(into[written..]);
            written += plain;
            if (plain == raw.Length) return written;
            var escape = raw[plain + 1];
            raw = raw[(plain + 2)..];
            if (escape != 'u')
            {
                into[written++] = escape switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    _ => escape,
                };
                continue;
            }

            written += TakeRune(ref raw).EncodeToUtf8(into[written..]);
        }
    }

    /// <summary>A JSON string with its quotes.</summary>
    /// <param name="text">UTF-8, as it is meant.</param>
    public static void WriteQuoted(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        var plain = text.IndexOfAny(MustEscape);
        if (plain < 0)
        {
            WriteBetweenQuotes(output, text);
            return;
        }

        output.Write("\""u8);
        for (; plain >= 0; plain = text.IndexOfAny(MustEscape))
        {
            output.Write(text[..plain]);
            WriteEscape(output, text[plain]);
            text = text[(plain + 1)..];
        }

        output.Write(text);
        output.Write("\""u8);
    }

    /// <summary>A JSON string, of what may stand between its quotes as it is.</summary>
    public static void WriteBetweenQuotes(IBufferWriter<byte> output, ReadOnlySpan<byte> raw)
    {
        var into = output.GetSpan(raw.Length + 2);
        into[0] = (byte)'"';
        raw.CopyTo(into[1..]);
        into[raw.Length + 1] = (byte)'"';
        output.Advance(raw.Length + 2);
    }

    private static void WriteEscape(IBufferWriter<byte> output, byte c)
    {
        var letter = c switch
        {
            (byte)'"' or (byte)'\\' => c,
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            _ => (byte)0,
        };
        var into = output.GetSpan(6);
        into[0] = (byte)'\\';
        into[1] = letter;
        if (letter != 0)
        {
            output.Advance(2);
            return;
        }

        "u00"u8.CopyTo(into[1..]);
        c.TryFormat(into[4..], out _, "x2", CultureInfo.InvariantCulture);
        output.Advance(6);
    }

    private static Rune TakeRune(ref ReadOnlySpan<byte> rest)
    {
        var first = Hex(rest);
        rest = rest[4..];
        if (Rune.TryCreate(first, out var rune)) return rune;
        if (char.IsHighSurrogate(first) && rest.Length >= 6 && rest[0] == '\\' && rest[1] == 'u'
            && Rune.TryCreate(first, Hex(rest[2..]), out rune))
        {
            rest = rest[6..];
            return rune;
        }

        return Rune.ReplacementChar;
    }

    private static char Hex(ReadOnlySpan<byte> digits) =>
        (char)ushort.Parse(digits[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
