namespace Millrace.Connectors.Redis;

/// <summary>What stands at the beginning of a token of the Redis protocol.</summary>
internal enum RespKind
{
    /// <summary><c>+OK</c>; also a boolean, a double or a big number of RESP3, as text.</summary>
    Simple,

    /// <summary><c>-WRONGTYPE …</c>, or the long form <c>!</c> of RESP3.</summary>
    Error,

    /// <summary><c>:42</c></summary>
    Integer,

    /// <summary><c>$5</c> and its bytes; also the verbatim text of RESP3.</summary>
    Bulk,

    /// <summary>Nothing: <c>$-1</c>, <c>*-1</c> or <c>_</c>.</summary>
    Null,

    /// <summary><c>*2</c>, after which come so many tokens; also the sets and pushes of RESP3, and maps with two tokens an entry.</summary>
    Array,
}
