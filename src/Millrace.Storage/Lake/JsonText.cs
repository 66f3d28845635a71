using System.Buffers;
using System.Text.Unicode;

namespace Millrace.Storage.Lake;

/// <summary>Tells JSON from other bytes by RFC 8259, without throwing: devices send both.</summary>
internal static class JsonText
{
    /// <summary>What most readers take at least; deeper text counts as other bytes.</summary>
    public const int MaxDepth = 64;

    private static readonly SearchValues<byte> StringEnds =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(static c => (byte)c)]);

    /// <summary>Whether all of the text is one value, in valid UTF-8.</summary>
    public static bool IsOneValue(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text)) return false;
        var at = 0;
        var depth = 0;
        var objects = 0UL; // One bit a level, the innermost lowest: an object, or else an array.
        while (true)
        {
            SkipSpace(text, ref at);
            if (at == text.Length) return false;
            if (text[at] is (byte)'{' or (byte)'[')
            {
                if (depth++ == MaxDepth) return false;
                var isObject = text[at++] == '{';
                objects = (objects << 1) | (isObject ? 1UL : 0);
                SkipSpace(text, ref at);
                if (at == text.Length) return false;
                if (text[at] != (isObject ? '}' : ']'))
                {
                    if (isObject && !SkipName(text, ref at)) return false;
                    continue;
                }
            }
            else if (!SkipScalar(text, ref at))
            {
                return false;
            }

            if (!SkipToNextValue(text, ref at, ref depth, ref objects)) return depth == 0 && at == text.Length;
        }
    }

    /// <returns>False at the end of the text, or where it is malformed.</returns>
    private static bool SkipToNextValue(ReadOnlySpan<byte> text, ref int at, ref int depth, ref ulong objects)
    {
        while (true)
        {
            SkipSpace(text, ref at);
            if (depth == 0 || at == text.Length) return false;
            var isObject = (objects & 1) != 0;
            if (text[at] == ',')
            {
                at++;
                if (!isObject) return true;
                SkipSpace(text, ref at);
                return SkipName(text, ref at);
            }

            if (text[at] != (isObject ? '}' : ']')) return false;
            at++;
            depth--;
            objects >>= 1;
        }
    }

    private static bool SkipName(ReadOnlySpan<byte> text, ref int at)
    {
        if (at == text.Length || text[at] != '"' || !SkipString(text, ref at)) return false;
        SkipSpace(text, ref at);
        return at < text.Length && text[at++] == ':';
    }

    private static bool SkipScalar(ReadOnlySpan<byte> text, ref int at) => text[at] switch
    {
        (byte)'"' => SkipString(text, ref at),
        (byte)'t' => SkipWord(text, "true"u8, ref at),
        (byte)'f' => SkipWord(text, "false"u8, ref at),
        (byte)'n' => SkipWord(text, "null"u8, ref at),
        _ => SkipNumber(text, ref at),
    };

    private static bool SkipString(ReadOnlySpan<byte> text, ref int at)
    {
        at++;
        while (true)
        {
            var found = text[at..].IndexOfAny(StringEnds);
            if (found < 0) return false;
            at += found + 1;
            if (text[at - 1] == '"') return true;
            if (text[at - 1] != '\\' || at == text.Length) return false;
            var escape = text[at++];
            if (escape == 'u')
            {
                if (text.Length - at < 4 || !IsHex(text.Slice(at, 4))) return false;
                at += 4;
            }
            else if (!"\"\\/bfnrt"u8.Contains(escape))
            {
                return false;
            }
        }
    }

    private static bool SkipNumber(ReadOnlySpan<byte> text, ref int at)
    {
        if (text[at] == '-') at++;
        var whole = SkipDigits(text, ref at);
        if (whole == 0 || (whole > 1 && text[at - whole] == '0')) return false;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (SkipDigits(text, ref at) == 0) return false;
        }

        if (at == text.Length || text[at] is not ((byte)'e' or (byte)'E')) return true;
        at++;
        if (at < text.Length && text[at] is (byte)'+' or (byte)'-') at++;
        return SkipDigits(text, ref at) > 0;
    }

    private static int SkipDigits(ReadOnlySpan<byte> text, ref int at)
    {
        var from = at;
        while (at < text.Length && char.IsAsciiDigit((char)text[at])) at++;
        return at - from;
    }

    private static bool SkipWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word, ref int at)
    {
        if (!text[at..].StartsWith(word)) return false;
        at += word.Length;
        return true;
    }

    private static void SkipSpace(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') at++;
    }

    private static bool IsHex(ReadOnlySpan<byte> digits)
    {
        foreach (var digit in digits)
            if (!char.IsAsciiHexDigit((char)digit)) return false;
        return true;
    }
}
