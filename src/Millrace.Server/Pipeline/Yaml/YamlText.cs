using System.Text;

namespace Millrace.Server.Pipeline.Yaml;

/// <summary>From the bytes of a file to text that is fit to be parsed.</summary>
internal static class YamlText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>Null where it is not; why is in <paramref name="problems"/>.</returns>
    public static string? Decode(ReadOnlySpan<byte> utf8, ProblemList problems)
    {
        if (utf8.Length > YamlTree.MaxBytes)
        {
            problems.Add("file", $"is larger than {YamlTree.MaxBytes >> 20} MiB; divide it", 1, 1);
            return null;
        }

        if (utf8.StartsWith(Encoding.UTF8.Preamble)) utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        string text;
        try
        {
            text = Strict.GetString(utf8);
        }
        catch (DecoderFallbackException wrong)
        {
            var before = utf8[..Math.Clamp(wrong.Index, 0, utf8.Length)];
            problems.Add("file", "is not UTF-8 here; save it as UTF-8", before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
            return null;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsControl(text[i]) || text[i] is '\n' or '\r' or '\t') continue;
            var (line, column) = TextPosition.LineAndColumn(text, i);
            problems.Add("file", $"holds the control character U+{(int)text[i]:X4}; remove it", line, column);
            return null;
        }

        return text;
    }
}
