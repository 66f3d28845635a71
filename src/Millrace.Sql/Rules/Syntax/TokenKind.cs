namespace Millrace.Sql.Rules.Syntax;

internal enum TokenKind : byte
{
    End,

    /// <summary>A keyword, a function or an attribute: what it is, its place says.</summary>
    Name,
    Number,

    /// <summary>In single or double quotes.</summary>
    String,

    /// <summary>A variable of SET, <c>@name</c>.</summary>
    Variable,
    Symbol,
}
