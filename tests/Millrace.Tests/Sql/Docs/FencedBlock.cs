using Millrace.Tests.Tidy;

namespace Millrace.Tests.Sql.Docs;

/// <summary>What stands between two fences of a page.</summary>
/// <param name="Page">Its path.</param>
/// <param name="Line">Of the first fence, from 1.</param>
/// <param name="Kind">The word behind the first fence.</param>
/// <param name="Text">Without the fences.</param>
internal sealed record FencedBlock(string Page, int Line, string Kind, string Text)
{
    private const string Fence = "```";

    public string Place => $"{Page}:{Line}";

    public static IEnumerable<FencedBlock> Of(string page)
    {
        var lines = SourceTree.Read(page).ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal)) continue;
            var end = Array.FindIndex(lines, i + 1, static line => line.TrimEnd() == Fence);
            if (end < 0) end = lines.Length;
            yield return new FencedBlock(page, i + 1, lines[i][Fence.Length..].Trim(), string.Join('\n', lines[(i + 1)..end]));
            i = end;
        }
    }

    public static IEnumerable<FencedBlock> OfAll(string kind) => SourceTree.Files("docs", ".md").SelectMany(Of).Where(block => block.Kind == kind);
}
