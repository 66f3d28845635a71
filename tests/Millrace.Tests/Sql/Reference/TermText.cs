namespace Millrace.Tests.Sql.Reference;

/// <summary>Statements as text. Parentheses stand around everything that has an operator, so that precedence decides nothing here.</summary>
internal static class TermText
{
    public static string Of(Term.Statement statement)
    {
        var set = statement.Set.Length == 0 ? "" : $"SET {string.Join(", ", statement.Set.Select(static s => $"@{s.Name} = {Of(s.Value)}"))} ";
        return $"{set}SELECT {(statement.IsValue ? "VALUE " : "")}{Items(statement.Items)} FROM '#'{Where(statement.Where)}";
    }

    public static string Of(Term term) => term switch
    {
        Term.Number number => number.Text,
        Term.Quote text => Quoted(text.Value),
        Term.Word word => word.Value switch { true => "TRUE", false => "FALSE", _ => "NULL" },
        Term.Attribute name => name.Of,
        Term.Variable variable => $"@{variable.Of}",
        Term.Star => "*",
        Term.Member member => $"{Root(member.Of)}.{member.Name}",
        Term.Element element => $"{Root(element.Of)}[{Of(element.At)}]",
        Term.Minus minus => $"(-{Of(minus.Of)})",
        Term.Not not => $"(NOT {Of(not.Of)})",
        Term.Two two => $"({Of(two.Left)} {two.Operator} {Of(two.Right)})",
        Term.Call call => $"{call.Function}({Joined(call.Arguments)})",
        Term.CastTo cast => $"cast({Of(cast.Of)} AS {cast.Type})",
        Term.List list => $"[{Joined(list.Items)}]",
        Term.Map map => $"{{{string.Join(", ", map.Members.Select(static m => $"{Quoted(m.Name)}: {Of(m.Value)}"))}}}",
        Term.Case choice => Case(choice),
        Term.Select select => Select(select),
        Term.Exists exists => $"(EXISTS {Select(exists.Of)})",
        _ => throw new InvalidOperationException($"{term} has no text"),
    };

    private static string Case(Term.Case choice)
    {
        var branches = string.Concat(choice.Branches.Select(static b => $" WHEN {Of(b.When)} THEN {Of(b.Then)}"));
        return $"(CASE {Of(choice.Of)}{branches}{(choice.Else is null ? "" : $" ELSE {Of(choice.Else)}")} END)";
    }

    private static string Select(Term.Select select) =>
        $"(SELECT {(select.IsValue ? "VALUE " : "")}{Items(select.Items)} FROM {Of(select.From)}{(select.As is null ? "" : $" AS {select.As}")}{Where(select.Where)})";

    private static string Items(Term.Item[] items) => string.Join(", ", items.Select(static item =>
        (item.Of is null ? "*" : Of(item.Of)) + (item.Alias.Length == 0 ? "" : $" AS {string.Join('.', item.Alias)}")));

    private static string Where(Term? where) => where is null ? "" : $" WHERE {Of(where)}";

    private static string Joined(Term[] terms) => string.Join(", ", terms.Select(Of));

    // What is no name, call or path stands in parentheses before a dot or a bracket.
    private static string Root(Term term) => term is Term.Number or Term.Quote or Term.Word ? $"({Of(term)})" : Of(term);

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
