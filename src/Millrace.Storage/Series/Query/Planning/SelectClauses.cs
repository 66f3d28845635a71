namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Where the clauses of a SELECT stand in the text, behind the table that it reads. Places are UTF-8 bytes.</summary>
/// <param name="WhereEnd">Behind the word; -1 where there is none.</param>
/// <param name="Group">Of the word.</param>
/// <param name="HavingEnd">Behind the word; -1 where there is none.</param>
/// <param name="End">Behind the last of the groups, or of the condition on them.</param>
internal readonly record struct SelectClauses(int WhereEnd, int Group, int HavingEnd, int End)
{
    /// <param name="sql">The statement.</param>
    /// <param name="from">Behind the table's name.</param>
    /// <returns>Null where no groups are found, or anything that is not plain.</returns>
    public static SelectClauses? Find(ReadOnlySpan<byte> sql, int from)
    {
        var found = new SelectClauses(-1, -1, -1, -1);
        var (depth, end, at) = (0, from, from);
        while (at < sql.Length)
        {
            var first = sql[at];
            if (first is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                at++;
                continue;
            }

            if (first is (byte)'$' or (byte)'\\' || sql[at..].StartsWith("--"u8) || sql[at..].StartsWith("/*"u8)) return null;
            if (first == ';' || (first is (byte)')' or (byte)']' or (byte)'}' && depth == 0)) break;
            if (first is (byte)'(' or (byte)'[' or (byte)'{') depth++;
            if (first is (byte)')' or (byte)']' or (byte)'}') depth--;
            var next = EndOfToken(sql, at);
            if (next < 0) return null;
            if (depth == 0 && sql[end - 1] != '.' && IsWord(first))
            {
                var word = Ascii(sql[at..next]);
                if (word is "QUALIFY" or "WINDOW" or "ORDER" or "LIMIT" or "OFFSET" or "FETCH" or "UNION" or "EXCEPT" or "INTERSECT") break;
                if (word is "SELECT" or "FROM" or "USING" or "FOR" or "TABLESAMPLE") return null;
                if (found.With(word, at, next) is not { } more) return null;
                found = more;
            }

            (at, end) = (next, next);
        }

        return depth == 0 && found.Group >= 0 ? found with { End = end } : null;
    }

    /// <summary>Leaves the groups out, and asks of rows what was asked of groups.</summary>
    public void Ungroup(Splices splices)
    {
        if (HavingEnd < 0)
        {
            splices.Replace(Group, End, "");
            return;
        }

        if (WhereEnd >= 0) splices.Replace(WhereEnd, WhereEnd, " (");
        splices.Replace(Group, HavingEnd, WhereEnd >= 0 ? ") AND (" : "WHERE (");
        splices.Replace(End, End, ")");
    }

    // Null where a clause comes again, or before one that it must follow.
    private SelectClauses? With(string word, int at, int next) => word switch
    {
        "WHERE" => WhereEnd < 0 && Group < 0 ? this with { WhereEnd = next } : null,
        "GROUP" => Group < 0 ? this with { Group = at } : null,
        "HAVING" => Group >= 0 && HavingEnd < 0 ? this with { HavingEnd = next } : null,
        _ => this,
    };

    private static int EndOfToken(ReadOnlySpan<byte> sql, int at)
    {
        if (sql[at] is (byte)'\'' or (byte)'"')
        {
            var length = sql[(at + 1)..].IndexOf(sql[at]);
            return length < 0 || sql.Slice(at + 1, length).Contains((byte)'\\') ? -1 : at + length + 2;
        }

        var end = at + 1;
        if (IsWord(sql[at]))
            while (end < sql.Length && IsWord(sql[end])) end++;
        return end;
    }

    private static bool IsWord(byte letter) => char.IsAsciiLetterOrDigit((char)letter) || letter == '_' || letter >= 0x80;

    private static string Ascii(ReadOnlySpan<byte> word) => System.Text.Encoding.ASCII.GetString(word).ToUpperInvariant();
}
