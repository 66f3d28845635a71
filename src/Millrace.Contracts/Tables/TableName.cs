namespace Millrace.Contracts.Tables;

/// <summary><c>database.table</c>, each of letters, digits, <c>_</c> and <c>-</c>, at most 256 characters.</summary>
public readonly record struct TableName(string Database, string Table)
{
    private const int MaxLength = 256;

    public static bool TryParse(string? text, out TableName name)
    {
        name = default;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot < 0) return false;
        var (database, table) = (text![..dot], text[(dot + 1)..]);
        if (!IsName(database) || !IsName(table)) return false;
        name = new TableName(database, table);
        return true;
    }

    public override string ToString() => $"{Database}.{Table}";

    private static bool IsName(string part) =>
        part.Length is > 0 and <= MaxLength && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
