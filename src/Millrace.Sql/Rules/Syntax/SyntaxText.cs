using System.Text;

namespace Millrace.Sql.Rules.Syntax;

/// <summary>Statements and expressions back as text. Parsed again, it gives the same tree.</summary>
internal static class SyntaxText
{
    private const int Or = 1;
    private const int And = 2;
    private const int Not = 3;
    private const int Comparison = 4;
    private const int Sum = 5;
    private const int Product = 6;
    private const int Minus = 7;
    private const int Postfix = 8;

    public static string Of(StatementSyntax statement)
    {
        var text = new StringBuilder();
        if (statement.Variables.Count > 0)
            text.Append("SET ").AppendJoin(", ", statement.Variables.Select(static v => $"@{v.Name} = {Of(v.Value)}")).Append(' ');
        text.Append(Items(statement.IsValue, statement.Items));
        if (statement.Filter is not null) text.Append(" FROM ").Append(Quoted(statement.Filter));
        if (statement.Where is not null) text.Append(" WHERE ").Append(Of(statement.Where));
        return text.ToString();
    }

    public static string Of(Syntax syntax) => Of(syntax, Or);

    /// <param name="lowest">What binds less than this needs parentheses here.</param>
    private static string Of(Syntax syntax, int lowest)
    {
        var (text, precedence) = Text(syntax);
        return precedence < lowest ? $"({text})" : text;
    }

    private static (string Text, int Precedence) Text(Syntax syntax) => syntax switch
    {
        NumberSyntax number => (number.Text, Minus),
        StringSyntax text => (Quoted(text.Text), Postfix),
        WordSyntax word => (word.Value switch { true => "TRUE", false => "FALSE", null => "NULL" }, Postfix),
        NameSyntax name => (name.Name, Postfix),
        VariableSyntax variable => ($"@{variable.Name}", Postfix),
        StarSyntax => ("*", Postfix),
        MemberSyntax member => ($"{Of(member.Of, Postfix)}.{member.Name}", Postfix),
        IndexSyntax index => ($"{Of(index.Of, Postfix)}[{Of(index.Index)}]", Postfix),
        UnarySyntax { Operator: "-" } minus => ($"-{Negated(minus.Operand)}", Minus),
        UnarySyntax not => ($"NOT {Of(not.Operand, Not)}", Not),
        BinarySyntax binary => Binary(binary),
        CallSyntax call => ($"{call.Name}({string.Join(", ", call.Arguments.Select(static part => Of(part)))})", Postfix),
        CastSyntax cast => ($"cast({Of(cast.Operand)} AS {cast.Type})", Postfix),
        ArraySyntax array => ($"[{string.Join(", ", array.Items.Select(static part => Of(part)))}]", Postfix),
        ObjectSyntax json => ($"{{{string.Join(", ", json.Members.Select(static m => $"{Quoted(m.Name)}: {Of(m.Value)}"))}}}", Postfix),
        CaseSyntax choice => (Case(choice), Postfix),
        SelectSyntax select => (Select(select), Postfix),
        ExistsSyntax exists => ($"EXISTS {Select(exists.Select)}", Postfix),
        _ => throw new InvalidOperationException($"{syntax.GetType().Name} has no text"),
    };

    // Two signs in a row would be a comment.
    private static string Negated(Syntax operand) => Of(operand, Minus) is var text && text.StartsWith('-') ? $"({text})" : text;

    private static (string Text, int Precedence) Binary(BinarySyntax binary)
    {
        var precedence = binary.Operator switch
        {
            "OR" => Or,
            "AND" => And,
            "+" or "-" => Sum,
            "*" or "/" or "%" => Product,
            _ => Comparison,
        };
        // Comparisons are not chained: on both sides something must bind more.
        var left = Of(binary.Left, precedence == Comparison ? precedence + 1 : precedence);
        var right = Of(binary.Right, precedence + 1);
        return (right.StartsWith('-') && binary.Operator == "-" ? $"{left} - ({right})" : $"{left} {binary.Operator} {right}", precedence);
    }

    private static string Case(CaseSyntax choice)
    {
        var text = new StringBuilder($"CASE {Of(choice.Subject)}");
        foreach (var (value, result) in choice.Choices) text.Append($" WHEN {Of(value)} THEN {Of(result)}");
        if (choice.Else is not null) text.Append($" ELSE {Of(choice.Else)}");
        return text.Append(" END").ToString();
    }

    private static string Select(SelectSyntax select)
    {
        var name = select.Name is null ? "" : $" AS {select.Name}";
        var where = select.Where is null ? "" : $" WHERE {Of(select.Where)}";
        return $"({Items(select.IsValue, select.Items)} FROM {Of(select.From, Postfix)}{name}{where})";
    }

    private static string Items(bool isValue, IReadOnlyList<ItemSyntax> items)
    {
        var list = string.Join(", ", items.Select(static i => Of(i.Expression) + Alias(i.Alias)));
        if (!isValue) return $"SELECT {list}";
        // VALUE in front of these would be read as a field of that name.
        var first = items[0].Expression is StarSyntax ? list : Of(items[0].Expression);
        return MeansField(first) ? $"SELECT VALUE ({Of(items[0].Expression)}){list[first.Length..]}" : $"SELECT VALUE {list}";
    }

    private static bool MeansField(string item)
    {
        if (item.StartsWith('-')) return true;
        var word = string.Concat(item.TakeWhile(char.IsLetter)).ToUpperInvariant();
        return word is "LIKE" or "BETWEEN" or "IS";
    }

    private static string Alias(IReadOnlyList<string> steps) => steps.Count == 0 ? "" : $" AS {string.Join('.', steps.Select(Name))}";

    private static string Name(string name) =>
        (char.IsLetter(name[0]) || name[0] is '_' or '$') && name.All(static c => char.IsLetterOrDigit(c) || c is '_' or '$') ? name : Quoted(name);

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
