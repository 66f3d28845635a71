using System.Net;

namespace Millrace.Devices.Policies;

/// <summary>What policies can ask about a connection.</summary>
internal sealed record RequestContext
{
    /// <summary>"" for HTTP: it has no client id, and therefore no thing.</summary>
    public required string ClientId { get; init; }

    public IPAddress? SourceIp { get; init; }

    /// <summary>Names of the things that the certificate is attached to.</summary>
    public IReadOnlyList<string> Things { get; init; } = [];

    public CertificateNames? Certificate { get; init; }

    /// <summary><c>PersistentConnect</c> and <c>LastWill</c>, where the client asks for them; asked only with iot:Connect.</summary>
    public IReadOnlyList<string> ConnectAttributes { get; init; } = [];

    /// <summary>The thing whose name is the client id, where the certificate is attached to it.</summary>
    public string? ThingName => ClientId.Length > 0 && Things.Contains(ClientId, StringComparer.Ordinal) ? ClientId : null;
}
