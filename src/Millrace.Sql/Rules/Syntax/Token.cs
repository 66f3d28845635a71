namespace Millrace.Sql.Rules.Syntax;

/// <param name="Kind">What it is.</param>
/// <param name="At">Its first character in the statement.</param>
/// <param name="End">The character after it.</param>
/// <param name="Text">As written; of strings the content.</param>
internal readonly record struct Token(TokenKind Kind, int At, int End, string Text)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Name && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the statement",
        TokenKind.String => "a string",
        _ => $"'{(Text.Length <= 40 ? Text : Text[..40] + "…")}'",
    };
}
