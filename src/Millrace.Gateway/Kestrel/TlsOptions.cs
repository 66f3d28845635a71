using System.Net.Security;
using System.Security.Authentication;

namespace Millrace.Gateway.Kestrel;

/// <summary>How a listener speaks TLS. Read for every connection.</summary>
public sealed record TlsOptions
{
    /// <summary>What the server shows now: may answer with another one from one connection to the next.</summary>
    public required Func<SslStreamCertificateContext> Certificate { get; init; }

    public ClientCertificates ClientCertificates { get; init; } = ClientCertificates.Required;

    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>What a client may name by ALPN; one that names nothing is welcome, one that names only others is refused.</summary>
    public required IReadOnlyList<SslApplicationProtocol> ApplicationProtocols { get; init; }

    /// <summary>A handshake that takes longer is cut.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Handshakes going on at once. One more cuts the oldest: it is the one that stalls, whoever means well is done within milliseconds.</summary>
    public int MaxHandshakes { get; init; } = 1024;
}
