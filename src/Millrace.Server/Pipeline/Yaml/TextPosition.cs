namespace Millrace.Server.Pipeline.Yaml;

/// <summary>Finds a line and column of a value's text in the file the value was read from.</summary>
/// <remarks>
/// Walks file and value side by side: what YAML took away (quotes, escapes, indentation, folded line ends) is stepped over in the file.
/// Exact for plain, quoted and literal text; in folded text (<c>&gt;</c>) a run of blank lines may put it a little early.
/// </remarks>
internal static class TextPosition
{
    public static (int Line, int Column) InFile(string file, ScalarNode value, int line, int column)
    {
        var target = OffsetOf(value.Text, line, column);
        var at = Start(file, value);
        var taken = 0;
        while (at < file.Length && taken < value.Text.Length)
        {
            if (Gap(file, at, value, taken) is var gap and > 0)
            {
                at += gap;
                continue;
            }

            if (taken == target) break;
            at += RawLength(file, at, value.Form);
            taken++;
        }

        return LineAndColumn(file, Math.Min(at, file.Length));
    }

    public static (int Line, int Column) LineAndColumn(string file, int index)
    {
        var before = file.AsSpan(0, index);
        return (before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }

    private static int OffsetOf(string text, int line, int column)
    {
        var at = 0;
        for (; line > 1; line--)
        {
            var end = text.IndexOf('\n', at);
            if (end < 0) break;
            at = end + 1;
        }

        return Math.Clamp(at + column - 1, 0, text.Length);
    }

    private static int Start(string file, ScalarNode value)
    {
        if (value.Form is ScalarForm.SingleQuoted or ScalarForm.DoubleQuoted) return value.Index + 1;
        if (value.Form == ScalarForm.Plain) return value.Index;
        var header = file.IndexOf('\n', value.Index);
        return header < 0 ? file.Length : header + 1;
    }

    /// <summary>How much of the file at this place did not come into the value.</summary>
    private static int Gap(string file, int at, ScalarNode value, int taken)
    {
        var (raw, wanted) = (file[at], value.Text[taken]);
        if (raw == '\r') return 1;
        if (!char.IsWhiteSpace(raw) || raw == wanted) return 0;
        return raw == '\n' && wanted == ' ' ? 0 : 1;
    }

    private static int RawLength(string file, int at, ScalarForm form)
    {
        if (form == ScalarForm.SingleQuoted && file.AsSpan(at).StartsWith("''")) return 2;
        if (form != ScalarForm.DoubleQuoted || file[at] != '\\' || at + 1 == file.Length) return 1;
        return file[at + 1] switch { 'x' => 4, 'u' => 6, 'U' => 10, _ => 2 };
    }
}
