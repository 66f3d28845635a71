namespace Millrace.Connectors.Redis;

/// <summary>What became of bytes that were looked at for a token.</summary>
internal enum RespRead
{
    Done,

    NeedMore,

    /// <summary>Not the protocol, or larger than allowed: what follows has no meaning.</summary>
    Malformed,
}
