namespace Millrace.Sql.Payload;

/// <summary>Why a payload could not be read as a JSON object.</summary>
public enum PayloadFault : byte
{
    None,

    /// <summary>The bytes end inside a value.</summary>
    Truncated,

    /// <summary>A byte that JSON does not allow there.</summary>
    Unexpected,

    /// <summary>A string holds bytes that are not UTF-8.</summary>
    NotUtf8,

    /// <summary>Objects and arrays stand in each other more than 64 deep.</summary>
    TooDeep,

    /// <summary>A complete value, and then something else.</summary>
    Trailing,

    /// <summary>Valid JSON, but an array or a single value.</summary>
    NotAnObject,
}
