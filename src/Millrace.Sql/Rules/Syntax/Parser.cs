namespace Millrace.Sql.Rules.Syntax;

/// <summary>One statement: <c>SELECT items FROM 'filter' [WHERE condition]</c>.</summary>
internal static class Parser
{
    // AWS says the same of a rule's statement.
    internal const int MaxLength = 256 * 1024;

    private const int MaxItems = 1000;

    // What people bring from other SQL, and what to do instead.
    private static readonly (string Word, string Advice)[] Foreign =
    [
        ("HAVING", "filter the rows of windows in a flow that reads them"),
        ("ORDER", "a rule sees one message, there is nothing to sort"),
        ("LIMIT", "a rule sees one message"),
        ("JOIN", "a rule sees one message"),
        ("UNION", "write two rules"),
    ];

    public static StatementSyntax Parse(string sql)
    {
        if (sql.Length > MaxLength) throw new SyntaxException(0, $"a statement must not be longer than {MaxLength / 1024} KiB");
        Lexer.CheckUnicode(sql);
        var tokens = new TokenReader(new Lexer(sql));
        var expressions = new ExpressionParser(tokens);
        if (tokens.Current.IsWord("SET")) throw tokens.NotYet("SET");
        tokens.TakeWord("SELECT", "a statement begins with SELECT");
        if (tokens.Current.IsWord("DISTINCT")) throw new SyntaxException(tokens.Current.At, "DISTINCT is not part of AWS IoT SQL: a rule sees one message");
        var items = ParseItems(tokens, expressions);
        if (!tokens.Current.IsWord("FROM")) throw tokens.Expected("',' or FROM");
        var filter = tokens.TakeFilter();
        tokens.Move();
        Syntax? where = null;
        if (tokens.Current.IsWord("WHERE"))
        {
            tokens.Move();
            where = expressions.Parse();
        }

        var group = GroupParser.Parse(tokens, expressions);
        if (tokens.Current.Kind != TokenKind.End) throw AtEnd(tokens, where is not null);
        return new StatementSyntax(items, filter.Text, filter.At, where) { GroupBy = group };
    }

    private static List<ItemSyntax> ParseItems(TokenReader tokens, ExpressionParser expressions)
    {
        if (tokens.Current.IsWord("VALUE") && !EndsItem(tokens.Peek())) throw tokens.NotYet("SELECT VALUE");
        var items = new List<ItemSyntax>();
        while (true)
        {
            if (items.Count == MaxItems) throw new SyntaxException(tokens.Current.At, $"a rule cannot select more than {MaxItems} items");
            items.Add(ParseItem(tokens, expressions));
            if (!tokens.Current.Is(",")) return items;
            tokens.Move();
        }
    }

    private static ItemSyntax ParseItem(TokenReader tokens, ExpressionParser expressions)
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

    /// <summary>Tells the field <c>value</c> from the keyword VALUE.</summary>
    private static bool EndsItem(Token next) =>
        next.Kind == TokenKind.End || next.IsWord("FROM") || next.IsWord("AS") || next.IsWord("IN") || next.IsWord("AND") || next.IsWord("OR")
        || next.IsWord("NOT") || (next.Kind == TokenKind.Symbol && next.Text is not ("(" or "{" or "["));

    private static SyntaxException AtEnd(TokenReader tokens, bool hasWhere)
    {
        var token = tokens.Current;
        foreach (var (word, advice) in Foreign)
            if (token.IsWord(word)) return new SyntaxException(token.At, $"{word} is not part of AWS IoT SQL: {advice}");
        if (token.Is(";")) return new SyntaxException(token.At, "one statement only, without ';'");
        return tokens.Expected(hasWhere ? "an operator or the end of the statement" : "WHERE or the end of the statement");
    }
}
