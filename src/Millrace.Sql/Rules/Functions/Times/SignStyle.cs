namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>Which sign a number in a text may have, by java.time's rules.</summary>
internal enum SignStyle
{
    None,

    /// <summary>A minus.</summary>
    Normal,

    /// <summary>A minus; and with more digits than the pattern has letters, and only then, a plus.</summary>
    ExceedsPad,
}
