
namespace Millrace.Storage.Series.Query.Direct;

/// <summary>The words of a statement that may be a simple look-up, one after the other.</summary>
internal ref struct LookupTokens
{
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "all", "analyse", "analyze", "and", "anti", "any", "array", "as", "asc", "asof", "asymmetric", "at", "authorization", "binary", "both", "by", "case", "cast",
        "check", "collate", "collation", "column", "columns", "concurrently", "constraint", "create", "cross", "default", "deferrable", "desc", "describe", "distinct",
        "do", "else", "end", "except", "false", "fetch", "for", "foreign", "freeze", "from", "full", "generated", "glob", "group", "having", "ilike", "in",
        "initially", "inner", "intersect", "into", "is", "isnull", "join", "lambda", "lateral", "leading", "left", "like", "limit", "map", "natural", "not",
        "notnull", "null", "offset", "on", "only", "or", "order", "outer", "overlaps", "pivot", "pivot_longer", "pivot_wider", "placing", "positional", "primary",
        "qualify", "references", "returning", "right", "select", "semi", "show", "similar", "some", "struct", "summarize", "symmetric", "table", "tablesample",
        "then", "to", "trailing", "true", "try_cast", "union", "unique", "unpack", "unpivot", "using", "variadic", "verbose", "when", "where", "window", "with",
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "interval", "timestamp", "date",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> IsReserved = Reserved.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    public LookupTokens(ReadOnlySpan<char> text)
    {
        _text = text;
        Token = default;
        Kind = LookupToken.End;
        Next();
    }

    public LookupToken Kind { get; private set; }

    /// <summary>As it is written, with its quotes.</summary>
    public ReadOnlySpan<char> Token { get; private set; }

    public bool Is(char symbol) => Kind == LookupToken.Symbol && Token.Length == 1 && Token[0] == symbol;

    /// <summary>Steps over a word, where it is the next.</summary>
    public bool Take(string word)
    {
        if (Kind != LookupToken.Word || !Token.Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
        Next();
        return true;
    }

    public bool Take(char symbol)
    {
        if (!Is(symbol)) return false;
        Next();
        return true;
    }

    /// <summary>Steps over a name: in quotes, or a word that is none of SQL's own.</summary>
    /// <returns>Null where there is none.</returns>
    public string? TakeName()
    {
        var name = Kind switch
        {
            LookupToken.Quoted => Token[1..^1].ToString(),
            LookupToken.Word when !IsReserved.Contains(Token) => Token.ToString(),
            _ => null,
        };
        if (name is not null) Next();
        return name;
    }

    /// <summary>Steps over a text.</summary>
    /// <returns>Null where there is none.</returns>
    public string? TakeText()
    {
        if (Kind != LookupToken.Text) return null;
        var text = Token[1..^1].ToString().Replace("''", "'", StringComparison.Ordinal);
        Next();
        return text;
    }

    public void Next()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\n' or '\r') _at++;
        var from = _at;
        Kind = Read();
        Token = _text[from.._at];
    }

    private LookupToken Read()
    {
        if (_at >= _text.Length) return LookupToken.End;
        var c = _text[_at];
        if (char.IsAsciiLetter(c) || c == '_') return While(LookupToken.Word, static c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (char.IsAsciiDigit(c)) return While(LookupToken.Number, static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_');
        if (c == '"') return Quoted('"', LookupToken.Quoted);
        if (c == '\'') return Quoted('\'', LookupToken.Text);
        _at++;
        if (_at < _text.Length && ((c is '<' or '>' or '!') && _text[_at] == '=' || (c == '<' && _text[_at] == '>'))) _at++;
        else if (_at < _text.Length && ((c == '-' && _text[_at] == '-') || (c == '/' && _text[_at] == '*'))) return LookupToken.Other;
        return c is '(' or ')' or ',' or '.' or '*' or '=' or '<' or '>' or '!' or '-' or '/' ? LookupToken.Symbol : LookupToken.Other;
    }

    private LookupToken While(LookupToken kind, Func<char, bool> goes)
    {
        while (_at < _text.Length && goes(_text[_at])) _at++;
        return _at < _text.Length && !char.IsAscii(_text[_at]) ? LookupToken.Other : kind;
    }

    // A name with a quote inside is not for here; a text may have them doubled.
    private LookupToken Quoted(char quote, LookupToken kind)
    {
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] != quote) continue;
            _at++;
            if (_at == _text.Length || _text[_at] != quote) return kind;
            if (kind == LookupToken.Quoted) return LookupToken.Other;
        }

        return LookupToken.Other;
    }
}
