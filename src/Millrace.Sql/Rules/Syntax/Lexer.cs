using System.Text;

namespace Millrace.Sql.Rules.Syntax;

/// <summary>Statement text to tokens, one at a time, because a bare topic filter behind FROM follows other rules.</summary>
internal sealed class Lexer(string sql, int start = 0)
{
    private static readonly string[] Symbols = ["<>", "<=", ">=", "!="];

    private const int MaxVariableName = 64;

    private static readonly System.Buffers.SearchValues<char> VariableLetters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly System.Buffers.SearchValues<char> NeedsQuotes = System.Buffers.SearchValues.Create(";,'\"()[]{}`=<>*\\");

    private int _at = start;

    /// <summary>Refuses text that is no Unicode: its bytes would be other text.</summary>
    public static void CheckUnicode(string sql)
    {
        for (var at = 0; at < sql.Length;)
        {
            if (Rune.DecodeFromUtf16(sql.AsSpan(at), out _, out var length) != System.Buffers.OperationStatus.Done)
                throw new SyntaxException(at, "half a character (an unpaired surrogate) stands here");
            at += length;
        }
    }

    public Token Next()
    {
        while (_at < sql.Length && char.IsWhiteSpace(sql[_at])) _at++;
        if (_at == sql.Length) return new Token(TokenKind.End, _at, _at, "");
        var c = sql[_at];
        if (IsNameStart(c)) return Take(TokenKind.Name, _at, NameEnd(_at + 1));
        if (char.IsAsciiDigit(c)) return TakeNumber();
        if (c is '\'' or '"') return TakeString(c);
        if (c == '@') return TakeVariable();
        foreach (var symbol in Symbols)
            if (sql.AsSpan(_at).StartsWith(symbol, StringComparison.Ordinal)) return Take(TokenKind.Symbol, _at, _at + 2);
        ForeignSql.RefuseSymbol(sql, _at);
        if ("()[]{},.:=<>+-*/%".Contains(c, StringComparison.Ordinal)) return Take(TokenKind.Symbol, _at, _at + 1);
        throw new SyntaxException(_at, $"the character {(char.IsControl(c) || char.IsSurrogate(c) ? $"U+{(int)c:X4}" : $"'{c}'")} has no meaning here");
    }

    /// <summary>The topic filter behind FROM: quoted, or bare up to the next space.</summary>
    public Token NextFilter()
    {
        while (_at < sql.Length && char.IsWhiteSpace(sql[_at])) _at++;
        if (_at == sql.Length || sql[_at] is '\'' or '"') return Next();
        var end = _at;
        while (end < sql.Length && !char.IsWhiteSpace(sql[end])) end++;
        var bare = sql[_at..end];
        if (bare.AsSpan().ContainsAny(NeedsQuotes))
            throw new SyntaxException(_at, "put this topic filter in single quotes: it has a sign in it that may be meant otherwise");
        if (bare.ToUpperInvariant() is "WHERE" or "SELECT" or "AS" or "SET") return Take(TokenKind.Name, _at, end);
        return Take(TokenKind.String, _at, end);
    }

    private Token Take(TokenKind kind, int from, int end)
    {
        _at = end;
        return new Token(kind, from, end, sql[from..end]);
    }

    private Token TakeVariable()
    {
        var end = NameEnd(_at + 1);
        var name = sql.AsSpan(_at + 1, end - _at - 1);
        if (name.IsEmpty) throw new SyntaxException(_at, "'@' must be followed by the name of a variable");
        if (name.Length > MaxVariableName || name.ContainsAnyExcept(VariableLetters))
            throw new SyntaxException(_at, $"the name of a variable has 1 to {MaxVariableName} letters (A to Z, a to z), digits and '_'");
        return Take(TokenKind.Variable, _at, end);
    }

    private Token TakeNumber()
    {
        var end = DigitsEnd(_at);
        if (end + 1 < sql.Length && sql[end] == '.' && char.IsAsciiDigit(sql[end + 1])) end = DigitsEnd(end + 1);
        if (end < sql.Length && sql[end] is 'e' or 'E')
        {
            var digits = end + 1 < sql.Length && sql[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (digits < sql.Length && char.IsAsciiDigit(sql[digits])) end = DigitsEnd(digits);
        }

        if (end < sql.Length && (IsNamePart(sql[end]) || sql[end] == '.'))
            throw new SyntaxException(_at, $"'{sql[_at..Math.Min(end + 1, sql.Length)]}' is not a number");
        return Take(TokenKind.Number, _at, end);
    }

    private Token TakeString(char quote)
    {
        var text = new StringBuilder();
        for (var at = _at + 1; at < sql.Length; at++)
        {
            if (sql[at] != quote)
            {
                text.Append(sql[at]);
                continue;
            }

            if (at + 1 < sql.Length && sql[at + 1] == quote)
            {
                text.Append(quote);
                at++;
                continue;
            }

            var from = _at;
            _at = at + 1;
            return new Token(TokenKind.String, from, _at, text.ToString());
        }

        throw new SyntaxException(_at, $"the string that begins here has no closing {quote}");
    }

    private int NameEnd(int at)
    {
        while (at < sql.Length && IsNamePart(sql[at])) at++;
        return at;
    }

    private int DigitsEnd(int at)
    {
        while (at < sql.Length && char.IsAsciiDigit(sql[at])) at++;
        return at;
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c is '_' or '$';

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';
}
