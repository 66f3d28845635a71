namespace Millrace.Sql.Rules.Syntax;

/// <summary>One statement: <c>[SET …] SELECT [VALUE] items [FROM 'filter'] [WHERE condition]</c>.</summary>
internal static class Parser
{
    // AWS says the same of a rule's statement.
    internal const int MaxLength = 256 * 1024;

    internal const int MaxVariables = 10;

    public static StatementSyntax Parse(string sql)
    {
        if (sql.Length > MaxLength) throw new SyntaxException(0, $"a statement must not be longer than {MaxLength / 1024} KiB");
        Lexer.CheckUnicode(sql);
        var tokens = new TokenReader(new Lexer(sql));
        var expressions = new ExpressionParser(tokens);
        var variables = tokens.Skip("SET") ? ParseVariables(tokens, expressions) : [];
        if (!tokens.Skip("SELECT"))
            throw variables.Count > 0
                ? tokens.Expected("',' or SELECT", "SELECT")
                : tokens.Expected("SELECT or SET at the beginning of the statement", "SELECT", "SET");

        var (isValue, items) = expressions.Select.ParseItems();
        var (filter, filterAt) = ParseFrom(tokens);
        var where = tokens.Skip("WHERE") ? expressions.Parse() : null;
        var group = GroupParser.Parse(tokens, expressions);
        if (tokens.Current.Kind != TokenKind.End) throw AtEnd(tokens, filter is not null, where is not null);
        return new StatementSyntax { Variables = variables, IsValue = isValue, Items = items, Filter = filter, FilterAt = filterAt, Where = where, GroupBy = group };
    }

    private static List<AssignmentSyntax> ParseVariables(TokenReader tokens, ExpressionParser expressions)
    {
        var variables = new List<AssignmentSyntax>();
        while (true)
        {
            var name = tokens.Current;
            if (name.Kind == TokenKind.Name && !name.IsWord("SELECT"))
                throw new SyntaxException(name.At, $"a variable begins with '@': write SET @{name.Text} = …");
            if (name.Kind != TokenKind.Variable) throw tokens.Expected("a variable behind SET, as in SET @a = 1");
            if (variables.Count == MaxVariables) throw new SyntaxException(name.At, $"SET cannot declare more than {MaxVariables} variables");
            tokens.Move();
            tokens.Take("=");
            if (variables.Exists(known => known.Name == name.Text[1..]))
                throw new SyntaxException(name.At, $"the variable {name.Text} has its value already, and keeps it: take another name");
            variables.Add(new AssignmentSyntax(name.At, name.Text[1..], expressions.Parse()));
            if (!tokens.Current.Is(",")) return variables;
            tokens.Move();
        }
    }

    private static (string? Filter, int At) ParseFrom(TokenReader tokens)
    {
        if (!tokens.Current.IsWord("FROM")) return (null, tokens.Current.At);
        var filter = tokens.TakeFilter();
        tokens.Move();
        if (tokens.Current.Is(",")) throw new SyntaxException(tokens.Current.At, "FROM takes one topic filter; with '+' and '#' it takes many topics");
        return (filter.Text, filter.At);
    }

    private static SyntaxException AtEnd(TokenReader tokens, bool hasFrom, bool hasWhere)
    {
        if (hasWhere) return tokens.Expected("an operator or the end of the statement", "AND", "OR", "IN", "NOT");
        if (hasFrom) return tokens.Expected("WHERE or the end of the statement", "WHERE");
        return tokens.Expected("an operator, ',', AS, FROM or the end of the statement", "FROM", "AS", "WHERE", "AND", "OR", "IN", "NOT");
    }
}
