namespace Millrace.Server.Writes;

/// <summary>Where a CSV may be cut: after a line that is no part of a field in quotes.</summary>
internal static class CsvCut
{
    /// <param name="text">Begins with a line.</param>
    /// <returns>The end of the last whole line; 0 where there is none.</returns>
    public static int LastLine(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'"')) return text.LastIndexOf((byte)'\n') + 1;
        var end = 0;
        for (var at = 0; at < text.Length;)
        {
            var length = Line(text[at..], out _);
            if (length == 0) return end;
            at += length;
            end = at;
        }

        return end;
    }

    /// <summary>The length of the first line, its end included; 0 where it does not end here.</summary>
    /// <param name="text">Begins with a line.</param>
    /// <param name="breaks">Ends of lines within it, in quotes.</param>
    public static int Line(ReadOnlySpan<byte> text, out int breaks)
    {
        breaks = 0;
        var atStart = true;
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '"' && atStart)
            {
                at = AfterQuotes(text, at + 1, ref breaks) - 1;
                if (at < 0) return 0;
            }
            else if (c == '\n')
            {
                return at + 1;
            }

            atStart = c == ',';
        }

        return 0;
    }

    // A quote that is doubled is one of the text.
    private static int AfterQuotes(ReadOnlySpan<byte> text, int at, ref int breaks)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] == '\n') breaks++;
            if (text[at] != '"') continue;
            if (at + 1 == text.Length) return 0;
            if (text[at + 1] != '"') return at + 1;
            at++;
        }

        return 0;
    }
}
