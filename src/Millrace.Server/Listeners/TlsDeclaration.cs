using System.Security.Authentication;
using Millrace.Contracts;
using Millrace.Flows.Options;
using Millrace.Gateway.Kestrel;

namespace Millrace.Server.Listeners;

/// <summary>What a person says about a listener's TLS.</summary>
public sealed record TlsDeclaration
{
    /// <summary>A PEM file, the server's own certificate first, then what leads to its root; null: one is issued by this server's own authority.</summary>
    public string? Certificate { get; init; }

    /// <summary>The PEM file with the certificate's key, not encrypted.</summary>
    public string? Key { get; init; }

    /// <summary>Host names and addresses that an issued certificate is for, besides localhost and the listener's own address.</summary>
    public ValueList<string> Names { get; init; } = [];

    /// <summary>Null: asked for where the listener takes certificates, and required where it takes nothing else.</summary>
    public ClientCertificates? ClientCertificates { get; init; }

    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    public IEnumerable<Problem> Check()
    {
        if (Certificate is null && Key is not null) yield return new("certificate", "is missing: a key is given");
        if (Certificate is not null && Key is null) yield return new("key", "is missing: a certificate is given");
        if (Certificate is not null && Names.Count > 0) yield return new("names", "are for a certificate that this server issues; this one comes from a file");
        if (Protocols == SslProtocols.None) yield return new("protocols", "must name at least one of 1.2, 1.3");
    }
}
