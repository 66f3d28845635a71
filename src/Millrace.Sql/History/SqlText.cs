namespace Millrace.Sql.History;

/// <summary>A query in parts, and what stands where.</summary>
internal sealed class SqlText(string sql)
{
    public List<SqlPart> Parts { get; } = SqlParts.Of(sql);

    public bool Is(int i, char c) => i >= 0 && i < Parts.Count && Parts[i].Kind == SqlPartKind.Other && sql[Parts[i].At] == c;

    public bool IsWord(int i, string word) => i >= 0 && i < Parts.Count && Parts[i].Kind == SqlPartKind.Word
        && sql.AsSpan(Parts[i].At, Parts[i].End - Parts[i].At).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a string in single quotes stands here.</summary>
    public bool IsString(int i) => i < Parts.Count && Parts[i].Kind == SqlPartKind.Opaque && sql[Parts[i].At] == '\'';

    public bool IsInterval(int i) => i < Parts.Count && Parts[i].Kind == SqlPartKind.Interval;

    /// <summary>The next part that is no space; the number of parts where there is none.</summary>
    public int After(int i)
    {
        do i++;
        while (i < Parts.Count && Parts[i].Kind == SqlPartKind.Space);
        return i;
    }

    /// <summary>The part before that is no space; -1 where there is none.</summary>
    public int Before(int i)
    {
        do i--;
        while (i >= 0 && Parts[i].Kind == SqlPartKind.Space);
        return i;
    }

    public string Of(int i) => sql[Parts[i].At..Parts[i].End];

    /// <summary>Every call that is closed, by the part of its name, in one pass over the parentheses. <c>s.f(…)</c> is none, and neither is <c>FILTER (WHERE …)</c>.</summary>
    public Dictionary<int, SqlCall> Calls()
    {
        var calls = new Dictionary<int, SqlCall>();
        var open = new Stack<SqlCall>();
        for (var i = 0; i < Parts.Count; i++)
        {
            if (Is(i, '(')) open.Push(new SqlCall(NameBefore(i), i, 0, 0, 1));
            else if (Is(i, '[')) open.Push(new SqlCall(-1, i, 0, 0, 1));
            else if (Is(i, ',') && open.TryPop(out var call)) open.Push(call with { FirstComma = call.FirstComma == 0 ? i : call.FirstComma, Arguments = call.Arguments + 1 });
            else if ((Is(i, ')') || Is(i, ']')) && open.TryPop(out call) && call.Name >= 0 && Is(i, ')'))
                calls.Add(call.Name, call with { Close = i, Arguments = After(call.Open) == i ? 0 : call.Arguments });
        }

        return calls;
    }

    private int NameBefore(int open)
    {
        var name = Before(open);
        return name >= 0 && Parts[name].Kind == SqlPartKind.Word && !Is(Before(name), '.') && !IsWord(After(open), "where") ? name : -1;
    }
}
