namespace Millrace.Connectors.Redis;

/// <summary>One token. A view on the bytes it was read from.</summary>
internal readonly ref struct RespToken
{
    public RespKind Kind { get; init; }

    /// <summary>Of an integer; of an array how many tokens follow that are its own.</summary>
    public long Number { get; init; }

    /// <summary>Of a text, an error or a bulk.</summary>
    public ReadOnlySpan<byte> Text { get; init; }
}
