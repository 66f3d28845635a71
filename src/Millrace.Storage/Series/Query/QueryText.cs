using System.Text;

namespace Millrace.Storage.Series.Query;

/// <summary>A statement as a person wrote it, and as DuckDB is to read it.</summary>
/// <remarks>
/// Timestream's <c>measure_value::double</c> names a column; DuckDB would read a cast of a column measure_value, which there is not. So it is put into
/// quotes, wherever it is not within a text, a comment or quotes already. A word EXPLAIN at the beginning is taken off, and the semicolon at the end.
/// </remarks>
internal sealed class QueryText
{
    private const string MeasureValue = "measure_value";
    private static readonly string[] Types = ["double", "bigint", "varchar", "boolean"];

    private readonly string _written;
    private readonly List<(int ToByte, int FromChar)> _places = [];

    public QueryText(string written)
    {
        _written = written;
        var text = new StringBuilder(written.Length + 16);
        var end = 0;
        var bytes = 0;
        for (var at = 0; at < written.Length;)
        {
            var next = SkipToken(written, at);
            var token = written.AsSpan(at, next - at);
            if (IsExplain is false && end == 0 && Explains(token, written, ref next))
            {
                at = next;
                continue;
            }

            _places.Add((bytes, at));
            string? quoted = null;
            if (token.Equals(MeasureValue, StringComparison.OrdinalIgnoreCase)) quoted = Quoted(written, ref next);
            var part = quoted ?? written.AsSpan(at, next - at);
            text.Append(part);
            bytes += Encoding.UTF8.GetByteCount(part);
            if (!IsSpace(token) && token is not ";") end = text.Length;
            at = next;
        }

        _places.Add((bytes, written.Length));
        Sql = text.ToString(0, end);
    }

    /// <summary>What DuckDB is to run, without EXPLAIN.</summary>
    public string Sql { get; }

    public bool IsExplain { get; private set; }

    public bool IsAnalyze { get; private set; }

    /// <summary>The line and column, from 1, of a byte of <see cref="Sql"/>.</summary>
    public (int Line, int Column) PlaceOf(int position)
    {
        var at = _places.FindLastIndex(place => place.ToByte <= position);
        if (at < 0) return (1, 1);
        var index = _places[at].FromChar;
        var end = at + 1 < _places.Count ? _places[at + 1].FromChar : _written.Length;
        for (var left = position - _places[at].ToByte; left > 0 && index < end; index++)
            left -= char.IsSurrogate(_written[index]) ? 2 : Encoding.UTF8.GetByteCount(_written.AsSpan(index, 1));

        var line = 1;
        var lineStart = 0;
        for (var i = 0; i < index; i++)
            if (_written[i] == '\n') (line, lineStart) = (line + 1, i + 1);
        return (line, index - lineStart + 1);
    }

    private bool Explains(ReadOnlySpan<char> token, string written, ref int next)
    {
        if (!token.Equals("explain", StringComparison.OrdinalIgnoreCase)) return false;
        IsExplain = true;
        var after = SkipSpace(written, next);
        var word = SkipToken(written, after);
        if (!written.AsSpan(after, word - after).Equals("analyze", StringComparison.OrdinalIgnoreCase)) return true;
        IsAnalyze = true;
        next = word;
        return true;
    }

    // After measure_value: "::" and one of the types, with or without spaces between.
    private static string? Quoted(string text, ref int next)
    {
        var at = SkipSpace(text, next);
        if (!text.AsSpan(at).StartsWith("::")) return null;
        at = SkipSpace(text, at + 2);
        var end = SkipToken(text, at);
        var type = Array.Find(Types, type => text.AsSpan(at, end - at).Equals(type, StringComparison.OrdinalIgnoreCase));
        if (type is null) return null;
        next = end;
        return $"\"{MeasureValue}::{type}\"";
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }

    private static bool IsSpace(ReadOnlySpan<char> token) =>
        char.IsWhiteSpace(token[0]) || token.StartsWith("--") || token.StartsWith("/*");

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
            if (text.AsSpan(at).StartsWith("/*")) (depth, at) = (depth + 1, at + 2);
            else if (text.AsSpan(at).StartsWith("*/"))
            {
                at += 2;
                if (--depth == 0) return at;
            }
            else
            {
                at++;
            }
        }

        return text.Length;
    }
}
