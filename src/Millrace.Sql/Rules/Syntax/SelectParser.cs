namespace Millrace.Sql.Rules.Syntax;

/// <summary>What stands behind SELECT, in a statement as in an expression.</summary>
internal sealed class SelectParser(TokenReader tokens, ExpressionParser expressions)
{
    /// <summary>SELECTs in each other: with each, the work on a message is multiplied by the elements of an array.</summary>
    public const int MaxNesting = 5;

    private const int MaxItems = 1000;

    private int _nesting;

    /// <summary>Behind the word SELECT.</summary>
    public (bool IsValue, List<ItemSyntax> Items) ParseItems()
    {
        if (tokens.Current.IsWord("DISTINCT") && !EndsField(tokens.Peek())) ForeignSql.RefuseWord(tokens.Current);
        var isValue = tokens.Current.IsWord("VALUE") && !EndsField(tokens.Peek());
        if (isValue) tokens.Move();
        var items = new List<ItemSyntax>();
        while (true)
        {
            if (items.Count == MaxItems) throw new SyntaxException(tokens.Current.At, $"a rule cannot select more than {MaxItems} items");
            items.Add(ParseItem());
            if (!tokens.Current.Is(",")) return (isValue, items);
            if (isValue) throw new SyntaxException(tokens.Current.At, "SELECT VALUE takes exactly one item; for several leave VALUE out");
            tokens.Move();
        }
    }

    /// <summary>From SELECT to the parenthesis that closes it, which is not taken.</summary>
    public SelectSyntax ParseNested()
    {
        var at = tokens.Current.At;
        if (++_nesting > MaxNesting) throw new SyntaxException(at, $"SELECTs must not stand in each other more than {MaxNesting} deep");
        tokens.Move();
        var (isValue, items) = ParseItems();
        if (!tokens.Skip("FROM")) throw tokens.Expected("',' or FROM and a path of the payload", "FROM", "AS");
        if (tokens.Current.Kind == TokenKind.String)
            throw new SyntaxException(tokens.Current.At, "FROM of a nested SELECT is a path of the payload, without quotes, and no topic");
        var from = expressions.ParsePath();
        var name = tokens.Skip("AS") ? ParseName() : null;
        if (tokens.Current.Is(","))
            throw new SyntaxException(tokens.Current.At, "FROM takes one path: to join arrays nest another SELECT, or use concat() or transform()");
        var where = tokens.Skip("WHERE") ? expressions.Parse() : null;
        if (!tokens.Current.Is(")"))
            throw where is null
                ? tokens.Expected("AS and a name, WHERE or ')'", "AS", "WHERE")
                : tokens.Expected("an operator or ')'", "AND", "OR", "IN", "NOT");
        _nesting--;
        return new SelectSyntax(at, isValue, items, from, name, where);
    }

    private string ParseName()
    {
        if (tokens.Current.Kind != TokenKind.Name) throw tokens.Expected("a name behind AS");
        var name = tokens.Current.Text;
        tokens.Move();
        return name;
    }

    private ItemSyntax ParseItem()
    {
        Syntax expression;
        if (tokens.Current.Is("*"))
        {
            expression = new StarSyntax(tokens.Current.At);
            tokens.Move();
        }
        else
            expression = expressions.Parse();

        var alias = new List<string>();
        if (!tokens.Current.IsWord("AS")) return new ItemSyntax(expression, alias);
        do
        {
            tokens.Move();
            if (tokens.Current.Kind is not (TokenKind.Name or TokenKind.String)) throw tokens.Expected("a name behind AS");
            if (tokens.Current.Text.Length == 0) throw new SyntaxException(tokens.Current.At, "the name behind AS must not be empty");
            alias.Add(tokens.Current.Text);
            if (alias.Count > ExpressionParser.MaxNesting)
                throw new SyntaxException(tokens.Current.At, $"a name must not have more than {ExpressionParser.MaxNesting} parts");
            tokens.Move();
        }
        while (tokens.Current.Is("."));
        return new ItemSyntax(expression, alias);
    }

    /// <summary>Tells a field called <c>value</c> from the keyword VALUE, by what follows it.</summary>
    private bool EndsField(Token next)
    {
        switch (next.Kind)
        {
            case TokenKind.End:
                return true;
            case TokenKind.Name:
                return next.IsWord("NOT") ? tokens.Peek(1).IsWord("IN") : IsBehindValue(next);
            case TokenKind.Symbol:
                return next.Text switch
                {
                    "(" or "{" => false,
                    // value[0] is an element of the field, VALUE [0] an array.
                    "[" => next.At == tokens.Current.End,
                    "*" => tokens.Peek(1) is { Kind: not TokenKind.End } second && !second.Is(")") && !IsBehindValue(second),
                    _ => true,
                };
            default:
                return false;
        }
    }

    private static bool IsBehindValue(Token token) =>
        token.IsWord("FROM") || token.IsWord("AS") || token.IsWord("WHERE") || token.IsWord("IN") || token.IsWord("AND") || token.IsWord("OR")
        || token.IsWord("LIKE") || token.IsWord("BETWEEN") || token.IsWord("IS");
}
