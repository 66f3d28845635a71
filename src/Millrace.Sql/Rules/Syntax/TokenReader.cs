namespace Millrace.Sql.Rules.Syntax;

/// <summary>The token at hand, and one more where asked for.</summary>
internal sealed class TokenReader
{
    private readonly Lexer _lexer;
    private Token? _next;

    public TokenReader(Lexer lexer)
    {
        _lexer = lexer;
        Current = lexer.Next();
    }

    public Token Current { get; private set; }

    public Token Peek() => _next ??= _lexer.Next();

    public void Move()
    {
        Current = Peek();
        _next = null;
    }

    public void Take(string symbol)
    {
        if (!Current.Is(symbol)) throw Expected($"'{symbol}'");
        Move();
    }

    public void TakeWord(string word, string advice)
    {
        if (!Current.IsWord(word)) throw new SyntaxException(Current.At, $"{advice}; found {Current}");
        Move();
    }

    /// <summary>From FROM to the topic filter behind it, which becomes the token at hand.</summary>
    public Token TakeFilter()
    {
        // The word behind FROM must not have been read as an ordinary token: a bare filter is none.
        Current = _lexer.NextFilter();
        if (Current.Kind != TokenKind.String) throw Expected("a topic filter in quotes behind FROM");
        return Current;
    }

    public SyntaxException Expected(string what) => new(Current.At, $"expected {what}, found {Current}");

    public SyntaxException NotYet(string what) => new(Current.At, $"{what} is not supported yet");
}
