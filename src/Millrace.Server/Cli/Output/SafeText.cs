using System.Globalization;
using System.Text;

namespace Millrace.Server.Cli.Output;

/// <summary>Text that devices wrote, made harmless for a terminal.</summary>
internal static class SafeText
{
    /// <summary>The text on one line, with what a terminal would act on (controls, changes of direction) in <c>\u</c> form.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(IsActive)) return text;
        var clean = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (!IsActive(c)) clean.Append(c);
            else if (c is '\n') clean.Append("\\n");
            else if (c is '\r') clean.Append("\\r");
            else if (c is '\t') clean.Append("\\t");
            else clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return clean.ToString();
    }

    private static bool IsActive(char c) =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F';
}
