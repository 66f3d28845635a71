namespace Millrace.Server.Cli.Output;

/// <summary>Shows the line of a text with a caret under the place of a mistake.</summary>
internal static class CaretText
{
    private const int Before = 70;
    private const int Longest = 110;

    public static IEnumerable<string> Of(string text, int line, int column)
    {
        var lines = text.Split('\n');
        if (line < 1 || line > lines.Length || column < 1) yield break;
        var content = lines[line - 1].TrimEnd('\r');
        var at = Math.Min(column - 1, content.Length);
        var from = Math.Max(0, at - Before);
        var shown = content.Substring(from, Math.Min(Longest, content.Length - from)).Replace('\t', ' ');
        yield return SafeText.Clean(shown);
        yield return new string(' ', SafeText.Clean(shown[..(at - from)]).Length) + "^";
    }
}
