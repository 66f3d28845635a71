namespace Millrace.Sql.Rules.Syntax;

/// <summary>
/// Expressions, by precedence: postfix, unary minus, <c>* / %</c>, <c>+ -</c>, comparison and IN, NOT, AND, OR; from left to right.
/// </summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    /// <summary>Parentheses, calls and literals in each other.</summary>
    public const int MaxNesting = 60;

    /// <summary>Of a chain of operators each is one deeper than the one before.</summary>
    private const int MaxDepth = 500;

    private const int Or = 1;
    private const int And = 2;
    private const int Not = 3;
    private const int Comparison = 4;
    private const int Sum = 5;
    private const int Product = 6;

    // Words that no attribute can have, because they would be read as the next part of the statement.
    private static readonly string[] Reserved =
        ["SELECT", "FROM", "WHERE", "AS", "AND", "OR", "NOT", "IN", "EXISTS", "CASE", "WHEN", "THEN", "ELSE", "LIKE", "BETWEEN", "IS"];

    private int _nesting;

    public Syntax Parse() => Parse(Or);

    private Syntax Parse(int lowest)
    {
        if (++_nesting > MaxNesting) throw new SyntaxException(tokens.Current.At, $"expressions must not stand in each other more than {MaxNesting} deep");
        var left = ParsePrefix(lowest);
        while (true)
        {
            var at = tokens.Current.At;
            var (found, precedence) = Operator(tokens.Current);
            if (precedence < lowest) break;
            tokens.Move();
            var negated = found == "NOT";
            if (negated)
            {
                if (!tokens.Current.IsWord("IN")) throw tokens.Expected("IN behind NOT");
                tokens.Move();
                found = "IN";
            }

            left = Limit(new BinarySyntax(at, found, left, Parse(precedence + 1)));
            if (negated) left = Limit(new UnarySyntax(at, "NOT", left));
            if (precedence == Comparison && Operator(tokens.Current).Precedence == Comparison)
                throw new SyntaxException(tokens.Current.At, "comparisons cannot be chained: join them by AND");
        }

        _nesting--;
        return left;
    }

    private Syntax ParsePrefix(int lowest)
    {
        var token = tokens.Current;
        if (token.IsWord("NOT") && lowest <= Not)
        {
            tokens.Move();
            return Limit(new UnarySyntax(token.At, "NOT", Parse(Not)));
        }

        if (!token.Is("-")) return ParsePostfix();
        tokens.Move();
        return Limit(new UnarySyntax(token.At, "-", Parse(Product + 1)));
    }

    private static (string Operator, int Precedence) Operator(Token token)
    {
        if (token.Kind == TokenKind.Symbol)
        {
            switch (token.Text)
            {
                case "*" or "/" or "%":
                    return (token.Text, Product);
                case "+" or "-":
                    return (token.Text, Sum);
                case "=" or "<>" or "<" or "<=" or ">" or ">=":
                    return (token.Text, Comparison);
                case "!=":
                    return ("<>", Comparison);
                case "==":
                    throw new SyntaxException(token.At, "'==' is not part of AWS IoT SQL: write '='");
                case "||":
                    throw new SyntaxException(token.At, "'||' is not part of AWS IoT SQL: write '+' or concat()");
                default:
                    return ("", 0);
            }
        }

        if (token.Kind != TokenKind.Name) return ("", 0);
        return token.Text.ToUpperInvariant() switch
        {
            "AND" => ("AND", And),
            "OR" => ("OR", Or),
            "IN" => ("IN", Comparison),
            "NOT" => ("NOT", Comparison),
            "LIKE" => throw new SyntaxException(token.At, "LIKE is not part of AWS IoT SQL: compare with '=' or use startswith()"),
            "BETWEEN" => throw new SyntaxException(token.At, "BETWEEN is not part of AWS IoT SQL: write x >= a AND x <= b"),
            "IS" => throw new SyntaxException(token.At, "IS is not part of AWS IoT SQL: use isNull() or isUndefined()"),
            _ => ("", 0),
        };
    }

    private Syntax ParsePostfix()
    {
        var expression = ParsePrimary();
        while (true)
        {
            var at = tokens.Current.At;
            if (tokens.Current.Is("."))
            {
                tokens.Move();
                if (tokens.Current.Kind != TokenKind.Name)
                    throw tokens.Expected("an attribute's name behind '.' (for names that are no words use get())");
                expression = Limit(new MemberSyntax(at, expression, tokens.Current.Text));
                tokens.Move();
            }
            else if (tokens.Current.Is("["))
            {
                tokens.Move();
                var index = Parse();
                tokens.Take("]");
                expression = Limit(new IndexSyntax(at, expression, index));
            }
            else
                return expression;
        }
    }

    private Syntax ParsePrimary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                tokens.Move();
                return new NumberSyntax(token.At, token.Text);
            case TokenKind.String:
                tokens.Move();
                return new StringSyntax(token.At, token.Text);
            case TokenKind.Variable:
                throw tokens.NotYet("a variable (SET)");
            case TokenKind.Name:
                return ParseWord(token);
            case TokenKind.Symbol when token.Text == "(":
                return ParseParenthesis();
            case TokenKind.Symbol when token.Text == "[":
                tokens.Move();
                return new ArraySyntax(token.At, ParseList("]", Parse));
            case TokenKind.Symbol when token.Text == "{":
                tokens.Move();
                return new ObjectSyntax(token.At, ParseList("}", ParseMember));
            default:
                throw tokens.Expected("an expression");
        }
    }

    private Syntax ParseParenthesis()
    {
        tokens.Move();
        if (tokens.Current.IsWord("SELECT")) throw tokens.NotYet("a nested SELECT");
        var inner = Parse();
        tokens.Take(")");
        return inner;
    }

    private (string Name, Syntax Value) ParseMember()
    {
        if (tokens.Current.Kind != TokenKind.String) throw tokens.Expected("a name in quotes");
        var name = tokens.Current.Text;
        tokens.Move();
        tokens.Take(":");
        return (name, Parse());
    }

    private Syntax ParseWord(Token token)
    {
        if (token.IsWord("CASE")) throw tokens.NotYet("CASE");
        if (token.IsWord("EXISTS")) throw tokens.NotYet("EXISTS");
        if (Reserved.Any(token.IsWord)) throw tokens.Expected("an expression");
        tokens.Move();
        if (tokens.Current.Is("(")) return token.IsWord("CAST") ? ParseCast(token.At) : ParseCall(token);
        if (token.IsWord("TRUE")) return new WordSyntax(token.At, true);
        if (token.IsWord("FALSE")) return new WordSyntax(token.At, false);
        return token.IsWord("NULL") ? new WordSyntax(token.At, null) : new NameSyntax(token.At, token.Text);
    }

    private CallSyntax ParseCall(Token name)
    {
        tokens.Move();
        return (CallSyntax)Limit(new CallSyntax(name.At, name.Text, ParseList(")", ParseArgument)));
    }

    private Syntax ParseArgument()
    {
        if (GroupParser.IsDistinct(tokens))
        {
            var at = tokens.Current.At;
            tokens.Move();
            return new DistinctSyntax(at, Parse());
        }

        if (!tokens.Current.Is("*")) return Parse();
        var star = new StarSyntax(tokens.Current.At);
        tokens.Move();
        return star;
    }

    private CastSyntax ParseCast(int at)
    {
        tokens.Move();
        var operand = Parse();
        if (!tokens.Current.IsWord("AS")) throw tokens.Expected("AS and a type");
        tokens.Move();
        var type = tokens.Current;
        if (type.Kind != TokenKind.Name) throw tokens.Expected("the name of a type");
        tokens.Move();
        tokens.Take(")");
        return (CastSyntax)Limit(new CastSyntax(at, operand, type.Text, type.At));
    }

    private List<T> ParseList<T>(string close, Func<T> parse)
    {
        var list = new List<T>();
        if (tokens.Current.Is(close))
        {
            tokens.Move();
            return list;
        }

        while (true)
        {
            list.Add(parse());
            if (tokens.Current.Is(close))
            {
                tokens.Move();
                return list;
            }

            if (!tokens.Current.Is(",")) throw tokens.Expected($"',' or '{close}'");
            tokens.Move();
        }
    }

    private static Syntax Limit(Syntax syntax) => syntax.Depth <= MaxDepth
        ? syntax
        : throw new SyntaxException(syntax.At, $"the expression is more than {MaxDepth} operators deep: use parentheses or shorten it");
}
