namespace Millrace.Sql.Rules.Functions;

/// <summary>Characters of valid UTF-8: Unicode's, each of one to four bytes.</summary>
internal static class Utf8Text
{
    public static int Count(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var b in text)
            if ((b & 0xC0) != 0x80) count++;
        return count;
    }

    /// <summary>Where so many characters end, in bytes; the end of the text where it has fewer.</summary>
    public static int Offset(ReadOnlySpan<byte> text, long characters)
    {
        if (characters >= text.Length) return text.Length;
        var at = 0;
        for (; characters > 0 && at < text.Length; characters--)
        {
            at++;
            while (at < text.Length && (text[at] & 0xC0) == 0x80) at++;
        }

        return at;
    }
}
