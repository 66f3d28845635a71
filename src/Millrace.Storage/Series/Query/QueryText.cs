using System.Text;

namespace Millrace.Storage.Series.Query;

/// <summary>A statement as it was given, without a word EXPLAIN at its beginning and without the semicolon at its end; and places in it.</summary>
internal sealed class QueryText
{
    private readonly string _given;
    private readonly int _from;

    public QueryText(string given)
    {
        _given = given;
        _from = SkipSpace(given, 0);
        IsExplain = Follows(given, "explain", ref _from);
        IsAnalyze = IsExplain && Follows(given, "analyze", ref _from);

        var end = _from;
        for (var at = _from; at < given.Length;)
        {
            var next = SkipToken(given, at);
            if (!IsSpace(given.AsSpan(at, next - at)) && given[at] != ';') end = next;
            at = next;
        }

        Sql = given[_from..end];
    }

    public string Sql { get; }

    public bool IsExplain { get; }

    public bool IsAnalyze { get; }

    /// <summary>The line and column, from 1, of a UTF-8 byte of <see cref="Sql"/> in the text that was given.</summary>
    public (int Line, int Column) PlaceOf(int position)
    {
        var index = _from;
        for (var left = position; left > 0 && index < _given.Length; index++)
            left -= char.IsSurrogate(_given[index]) ? 2 : Encoding.UTF8.GetByteCount(_given.AsSpan(index, 1));

        var before = _given.AsSpan(0, index);
        return (before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }

    private static bool Follows(string text, string word, ref int at)
    {
        var end = SkipToken(text, at);
        if (!text.AsSpan(at, end - at).Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
        at = SkipSpace(text, end);
        return true;
    }

    private static int SkipSpace(string text, int at)
    {
        for (var end = at; end < text.Length; at = end)
        {
            end = SkipToken(text, at);
            if (!IsSpace(text.AsSpan(at, end - at))) return at;
        }

        return text.Length;
    }

    private static bool IsSpace(ReadOnlySpan<char> token) => char.IsWhiteSpace(token[0]) || token.StartsWith("--") || token.StartsWith("/*");

    // Words, quoted things and comments whole; anything else character by character.
    private static int SkipToken(string text, int at)
    {
        if (at >= text.Length) return at;
        var c = text[at];
        if (IsWord(c)) return SkipWord(text, at);
        if (c is '"') return SkipQuoted(text, at, '"', backslash: false);
        if (c is '\'') return SkipQuoted(text, at, '\'', backslash: at > 0 && text[at - 1] is 'e' or 'E');
        if (c is '$') return SkipDollar(text, at);
        if (text.AsSpan(at).StartsWith("--")) return text.IndexOf('\n', at) is var line and >= 0 ? line : text.Length;
        if (text.AsSpan(at).StartsWith("/*")) return SkipComment(text, at);
        return at + 1;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static int SkipWord(string text, int at)
    {
        while (at < text.Length && IsWord(text[at])) at++;
        return at;
    }

    private static int SkipQuoted(string text, int at, char quote, bool backslash)
    {
        for (at++; at < text.Length; at++)
        {
            if (backslash && text[at] == '\\') at++;
            else if (text[at] == quote) return at + 1;
        }

        return text.Length;
    }

    // $tag$ … $tag$
    private static int SkipDollar(string text, int at)
    {
        var open = SkipWord(text, at + 1);
        if (open >= text.Length || text[open] != '$') return at + 1;
        var tag = text[at..(open + 1)];
        return text.IndexOf(tag, open + 1, StringComparison.Ordinal) is var end and >= 0 ? end + tag.Length : text.Length;
    }

    // DuckDB's comments nest.
    private static int SkipComment(string text, int at)
    {
        var depth = 0;
        while (at < text.Length)
        {
            if (text.AsSpan(at).StartsWith("/*"))
            {
                (depth, at) = (depth + 1, at + 2);
                continue;
            }

            if (!text.AsSpan(at).StartsWith("*/"))
            {
                at++;
                continue;
            }

            at += 2;
            if (--depth == 0) return at;
        }

        return text.Length;
    }
}
