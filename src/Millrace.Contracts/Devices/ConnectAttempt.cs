using System.Security.Cryptography.X509Certificates;

namespace Millrace.Contracts.Devices;

/// <summary>What a client brought that wants to connect.</summary>
public sealed record ConnectAttempt
{
    /// <summary>Never empty: an id that the server assigned is here as well. "" for HTTP, which has none.</summary>
    public required string ClientId { get; init; }

    public string? UserName { get; init; }

    /// <summary>The bytes of the CONNECT packet's password; null where there was none.</summary>
    public byte[]? Password { get; init; }

    /// <summary>The TLS layer has seen that the client holds its key, and nothing else of it.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The address it comes from, without port.</summary>
    public required string Address { get; init; }

    /// <summary>What the listener takes.</summary>
    public required CredentialKinds Allowed { get; init; }

    /// <summary>It wants a session that outlives the connection: <c>PersistentConnect</c> among AWS's connect attributes.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>It brings a will: <c>LastWill</c> among AWS's connect attributes.</summary>
    public bool HasWill { get; init; }
}
