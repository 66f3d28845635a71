namespace Millrace.Sql.Rules.Syntax;

/// <summary>The token at hand, and the next ones where asked for.</summary>
internal sealed class TokenReader
{
    private readonly Lexer _lexer;
    private readonly List<Token> _ahead = [];

    public TokenReader(Lexer lexer)
    {
        _lexer = lexer;
        Current = lexer.Next();
    }

    public Token Current { get; private set; }

    public Token Peek(int further = 0)
    {
        while (_ahead.Count <= further) _ahead.Add(_lexer.Next());
        return _ahead[further];
    }

    public void Move()
    {
        Current = Peek();
        _ahead.RemoveAt(0);
    }

    /// <summary>Goes on where the token at hand is that word.</summary>
    public bool Skip(string word)
    {
        if (!Current.IsWord(word)) return false;
        Move();
        return true;
    }

    public void Take(string symbol)
    {
        if (!Current.Is(symbol)) throw Expected($"'{symbol}'");
        Move();
    }

    public void TakeWord(string word)
    {
        if (!Skip(word)) throw Expected(word, word);
    }

    /// <summary>From FROM to the topic filter behind it, which becomes the token at hand.</summary>
    public Token TakeFilter()
    {
        // The word behind FROM must not have been read as an ordinary token: a bare filter is none.
        Current = _lexer.NextFilter();
        if (Current.Kind != TokenKind.String) throw Expected("a topic filter in quotes behind FROM");
        return Current;
    }

    /// <param name="what">What would be right.</param>
    /// <param name="words">Keywords among that: one that is nearly the word found is named.</param>
    public SyntaxException Expected(string what, params ReadOnlySpan<string> words)
    {
        ForeignSql.RefuseWord(Current);
        var hint = Current.Kind == TokenKind.Name ? Spelling.Hint(Current.Text, words.ToArray()) : "";
        return new(Current.At, $"expected {what}, found {Current}{hint}");
    }
}
