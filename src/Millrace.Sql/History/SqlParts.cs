namespace Millrace.Sql.History;

/// <summary>
/// Cuts a query into parts as the engine's own lexer would, so that nothing in a string, a quoted name or a comment is taken for SQL.
/// </summary>
internal static class SqlParts
{
    public static List<SqlPart> Of(string sql)
    {
        var parts = new List<SqlPart>();
        for (var at = 0; at < sql.Length; at = parts[^1].End) parts.Add(Next(sql, at));
        return parts;
    }

    private static SqlPart Next(string sql, int at)
    {
        var c = sql[at];
        if (char.IsWhiteSpace(c)) return new SqlPart(SqlPartKind.Space, at, at + 1);
        var two = sql.AsSpan(at, Math.Min(2, sql.Length - at));
        if (two is "--") return new SqlPart(SqlPartKind.Space, at, LineEnd(sql, at));
        if (two is "/*") return new SqlPart(SqlPartKind.Space, at, CommentEnd(sql, at));
        if (two is "e'" or "E'") return new SqlPart(SqlPartKind.Opaque, at, QuoteEnd(sql, at + 1, backslash: true));
        if (c is '\'' or '"') return new SqlPart(SqlPartKind.Opaque, at, QuoteEnd(sql, at, backslash: false));
        if (c == '$' && DollarEnd(sql, at) is var dollar and > 0) return new SqlPart(SqlPartKind.Opaque, at, dollar);
        if (char.IsAsciiDigit(c)) return Number(sql, at);
        return IsWordStart(c) ? new SqlPart(SqlPartKind.Word, at, WordEnd(sql, at)) : new SqlPart(SqlPartKind.Other, at, at + 1);
    }

    /// <summary>A number and all that hangs on it; an interval where that is one of Timestream's units.</summary>
    private static SqlPart Number(string sql, int at)
    {
        var digits = at;
        while (digits < sql.Length && char.IsAsciiDigit(sql[digits])) digits++;
        var end = WordEnd(sql, digits);
        var behindPoint = at > 0 && sql[at - 1] == '.';
        if (!behindPoint && end > digits && Intervals.IsUnit(sql.AsSpan(digits, end - digits))) return new SqlPart(SqlPartKind.Interval, at, end);
        return new SqlPart(SqlPartKind.Opaque, at, end);
    }

    private static int LineEnd(string sql, int at) => sql.IndexOf('\n', at) is var end and >= 0 ? end + 1 : sql.Length;

    /// <summary>Comments stand in each other, as the engine has it.</summary>
    private static int CommentEnd(string sql, int at)
    {
        var depth = 0;
        for (; at + 1 < sql.Length; at++)
        {
            if (sql[at] == '/' && sql[at + 1] == '*')
            {
                depth++;
                at++;
            }
            else if (sql[at] == '*' && sql[at + 1] == '/')
            {
                at++;
                if (--depth == 0) return at + 1;
            }
        }

        return sql.Length;
    }

    private static int QuoteEnd(string sql, int at, bool backslash)
    {
        var quote = sql[at];
        for (at++; at < sql.Length; at++)
        {
            if (backslash && sql[at] == '\\')
                at++;
            else if (sql[at] == quote)
            {
                if (at + 1 == sql.Length || sql[at + 1] != quote) return at + 1;
                at++;
            }
        }

        return sql.Length;
    }

    /// <summary>The end of <c>$$…$$</c> or <c>$tag$…$tag$</c>; 0 where it is none.</summary>
    private static int DollarEnd(string sql, int at)
    {
        var tag = at + 1;
        while (tag < sql.Length && (IsWordStart(sql[tag]) || (tag > at + 1 && char.IsAsciiDigit(sql[tag])))) tag++;
        if (tag == sql.Length || sql[tag] != '$') return 0;
        var quote = sql[at..(tag + 1)];
        var end = sql.IndexOf(quote, tag + 1, StringComparison.Ordinal);
        return end < 0 ? sql.Length : end + quote.Length;
    }

    private static int WordEnd(string sql, int at)
    {
        while (at < sql.Length && (IsWordStart(sql[at]) || char.IsAsciiDigit(sql[at]))) at++;
        return at;
    }

    // As in the engine, everything beyond ASCII is part of a word.
    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c >= 0x80 && !char.IsWhiteSpace(c));
}
