namespace Millrace.Sql.History;

internal enum SqlPartKind : byte
{
    /// <summary>A letter or underscore, then letters, digits, underscores.</summary>
    Word,

    /// <summary>Digits at once followed by a unit: <c>15m</c>.</summary>
    Interval,

    /// <summary>One character of anything else.</summary>
    Other,

    /// <summary>Space, a comment.</summary>
    Space,

    /// <summary>A string, a quoted identifier, a number.</summary>
    Opaque,
}

/// <summary>A stretch of a query.</summary>
internal readonly record struct SqlPart(SqlPartKind Kind, int At, int End);
