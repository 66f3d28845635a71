namespace Millrace.Connectors.Redis;

/// <summary>Which Redis, and as whom. Its secrets are resolved.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">As 6379.</param>
public sealed record RedisAddress(string Host, int Port)
{
    /// <summary>Null: the default user.</summary>
    public string? User { get; init; }

    /// <summary>A secret. Null: the server asks for none.</summary>
    public string? Password { get; init; }

    public int Database { get; init; }

    public bool Tls { get; init; }

    /// <summary>PEM; null: the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>For connecting, and for each answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Without what nobody is to see.</summary>
    public override string ToString() => $"Redis at {Host}:{Port}";
}
