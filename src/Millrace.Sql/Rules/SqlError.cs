namespace Millrace.Sql.Rules;

/// <summary>Why a statement was refused.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Message">What is wrong there, and what would be right.</param>
public sealed record SqlError(int Line, int Column, string Message)
{
    public override string ToString() => $"{Line}:{Column}: {Message}";

    internal static SqlError At(string sql, int position, string message)
    {
        var before = sql.AsSpan(0, Math.Min(position, sql.Length));
        return new SqlError(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), message);
    }
}
