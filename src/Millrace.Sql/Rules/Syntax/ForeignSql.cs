namespace Millrace.Sql.Rules.Syntax;

/// <summary>What people bring from other SQL and other languages, and what to do instead.</summary>
internal static class ForeignSql
{
    private const string OneMessage = "a rule sees one message";

    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HAVING"] = "filter the rows of windows in a flow that reads them",
        ["ORDER"] = $"{OneMessage}, there is nothing to sort",
        ["LIMIT"] = $"{OneMessage}; of an array take elements with get() or WHERE in a nested SELECT",
        ["OFFSET"] = OneMessage,
        ["TOP"] = OneMessage,
        ["DISTINCT"] = OneMessage,
        ["JOIN"] = $"{OneMessage}; to join arrays use a nested SELECT, concat() or transform()",
        ["INNER"] = $"{OneMessage}; to join arrays use a nested SELECT, concat() or transform()",
        ["LEFT"] = $"{OneMessage}; to join arrays use a nested SELECT, concat() or transform()",
        ["RIGHT"] = $"{OneMessage}; to join arrays use a nested SELECT, concat() or transform()",
        ["CROSS"] = $"{OneMessage}; to join arrays use a nested SELECT, concat() or transform()",
        ["UNNEST"] = "go through an array with a nested SELECT",
        ["UNION"] = "write two rules",
        ["INTERSECT"] = "write two rules",
        ["EXCEPT"] = "write two rules",
        ["OVER"] = $"{OneMessage}; aggregate where the data is stored",
        ["LIKE"] = "compare with '=' or use startswith(), endswith(), indexof() or regexp_matches()",
        ["ILIKE"] = "use lower() and startswith(), endswith() or indexof()",
        ["RLIKE"] = "use regexp_matches()",
        ["REGEXP"] = "use regexp_matches()",
        ["BETWEEN"] = "write x >= a AND x <= b",
        ["IS"] = "use isNull() or isUndefined()",
        ["XOR"] = "compare the two with <>",
        ["DIV"] = "write floor(a / b)",
        ["MOD"] = "write a % b or mod(a, b)",
    };

    private static readonly (string Text, string Advice)[] Symbols =
    [
        ("==", "write '='"),
        ("||", "write '+' or concat() to join text, OR for a condition"),
        ("&&", "write AND"),
        ("--", "it has no comments; of two minus signs write the second in parentheses"),
        ("/*", "it has no comments"),
        ("//", "it has no comments"),
        ("::", "write cast(x AS type)"),
        ("->", "write a.b, or get(a, 'b')"),
        ("=>", "write '>=' to compare"),
        ("=<", "write '<='"),
        ("`", "write names without quotes, and those that are no words with get()"),
        ("!", "write NOT, or '<>'"),
        ("&", "use bitand(), or AND for a condition"),
        ("|", "use bitor(), or OR for a condition"),
        ("^", "use bitxor(), or power()"),
        ("~", "use bitnot()"),
        (";", "it takes one statement only, without ';'"),
    ];

    public static void RefuseWord(Token token)
    {
        if (token.Kind == TokenKind.Name && Words.TryGetValue(token.Text, out var advice))
            throw new SyntaxException(token.At, $"{token.Text.ToUpperInvariant()} is not part of AWS IoT SQL: {advice}");
    }

    public static void RefuseSymbol(string sql, int at)
    {
        foreach (var (text, advice) in Symbols)
            if (string.CompareOrdinal(sql, at, text, 0, text.Length) == 0) throw new SyntaxException(at, $"'{text}' is not part of AWS IoT SQL: {advice}");
    }
}
