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
        ["SELECT", "FROM", "WHERE", "AS", "AND", "OR", "NOT", "IN", "EXISTS", "CASE", "WHEN", "THEN", "ELSE"];

    private SelectParser? _select;
    private int _nesting;

    public SelectParser Select => _select ??= new SelectParser(tokens, this);

    public Syntax Parse() => Parse(Or);

    /// <summary>What a nested SELECT may go through: an attribute, a variable, what a function or another SELECT gives, and steps from there.</summary>
    public Syntax ParsePath()
    {
        var at = tokens.Current;
        if (at.Kind is TokenKind.Name or TokenKind.Variable || at.Is("("))
        {
            var path = ParsePostfix();
            if (path is NameSyntax or VariableSyntax or MemberSyntax or IndexSyntax or CallSyntax or SelectSyntax) return path;
        }
        else
        {
            throw tokens.Expected("a path of the payload behind FROM");
        }

        throw new SyntaxException(at.At, "expected a path of the payload behind FROM");
    }

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
                tokens.TakeWord("IN");
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
                tokens.Move();
                return new VariableSyntax(token.At, token.Text[1..]);
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
            case TokenKind.Symbol when token.Text == "." && tokens.Peek().Kind == TokenKind.Number:
                throw new SyntaxException(token.At, "a number begins with a digit: write 0 before the point");
            case TokenKind.Symbol when token.Text == "*":
                throw new SyntaxException(token.At, "'*' stands alone in SELECT, or alone as the argument of a function");
            default:
                throw tokens.Expected("an expression");
        }
    }

    private Syntax ParseParenthesis()
    {
        tokens.Move();
        var inner = tokens.Current.IsWord("SELECT") ? Limit(Select.ParseNested()) : Parse();
        if (tokens.Current.Is(",")) throw new SyntaxException(tokens.Current.At, "expected ')', found ',': a list is an array and stands in brackets, [a, b]");
        tokens.Take(")");
        return inner;
    }

    private CaseSyntax ParseCase()
    {
        var at = tokens.Current.At;
        tokens.Move();
        if (tokens.Current.IsWord("WHEN"))
        {
            const string Advice = "CASE needs a value to compare with: CASE x WHEN 1 THEN …; for conditions write CASE TRUE WHEN x > 1 THEN …";
            throw new SyntaxException(tokens.Current.At, Advice);
        }

        var subject = Parse();
        var choices = new List<(Syntax, Syntax)>();
        while (tokens.Skip("WHEN"))
        {
            var value = Parse();
            tokens.TakeWord("THEN");
            choices.Add((value, Parse()));
        }

        if (choices.Count == 0) throw tokens.Expected("WHEN", "WHEN");
        var otherwise = tokens.Skip("ELSE") ? Parse() : null;
        if (!tokens.Skip("END")) throw otherwise is null ? tokens.Expected("WHEN, ELSE or END", "WHEN", "ELSE", "END") : tokens.Expected("END", "END");
        return (CaseSyntax)Limit(new CaseSyntax(at, subject, choices, otherwise));
    }

    private ExistsSyntax ParseExists()
    {
        var at = tokens.Current.At;
        tokens.Move();
        tokens.Take("(");
        if (!tokens.Current.IsWord("SELECT")) throw tokens.Expected("SELECT", "SELECT");
        var select = Select.ParseNested();
        tokens.Take(")");
        return (ExistsSyntax)Limit(new ExistsSyntax(at, select));
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
        if (token.IsWord("CASE")) return ParseCase();
        if (token.IsWord("EXISTS")) return ParseExists();
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
        tokens.TakeWord("AS");
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
