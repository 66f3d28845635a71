namespace Millrace.Sql.Rules.Syntax;

/// <summary>What stands behind GROUP BY.</summary>
internal static class GroupParser
{
    private const int MaxItems = 32;

    /// <summary>Null where the next word is not GROUP.</summary>
    public static GroupSyntax? Parse(TokenReader tokens, ExpressionParser expressions)
    {
        var at = tokens.Current.At;
        if (!tokens.Skip("GROUP")) return null;
        tokens.TakeWord("BY");
        var items = new List<Syntax>();
        while (true)
        {
            if (items.Count == MaxItems) throw new SyntaxException(tokens.Current.At, $"GROUP BY takes at most {MaxItems} expressions");
            items.Add(expressions.Parse());
            if (!tokens.Current.Is(",")) return new GroupSyntax(at, items);
            tokens.Move();
        }
    }

    /// <summary>Whether the word at hand is that of <c>count(distinct x)</c>, and no attribute of that name.</summary>
    public static bool IsDistinct(TokenReader tokens) =>
        tokens.Current.IsWord("DISTINCT") && tokens.Peek() is { Kind: TokenKind.Name or TokenKind.Variable or TokenKind.String or TokenKind.Number } next
        && !next.IsWord("AND") && !next.IsWord("OR") && !next.IsWord("IN") && !next.IsWord("NOT");
}
