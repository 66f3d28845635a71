using System.Net;
using Millrace.Connectors.Tls;
using Millrace.Contracts;

namespace Millrace.Connectors.Http;

/// <summary>Makes clients that follow nobody: no redirects, no cookies, no proxy unless asked for, limits on all that comes back.</summary>
public static class HttpClients
{
    private const int HeadersKiB = 16;

    /// <summary>Connections are closed after this time, so that a change of address in DNS is seen.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>For one lane, which disposes it.</summary>
    /// <exception cref="FaultException">Unavailable: the file of certificates cannot be read.</exception>
    public static HttpMessageInvoker Create(HttpClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = options.SystemProxy,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = HeadersKiB,
            MaxResponseDrainSize = HttpVerdict.BodyLimit,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionLifetime = Lifetime,
            ActivityHeadersPropagator = null,
        };
        if (!options.LinkLocal) handler.ConnectCallback = AddressGuard.ConnectAsync;
        if (options.CaFile is { } file) handler.SslOptions.CertificateChainPolicy = TrustFile.PolicyOf(file);
        return new HttpMessageInvoker(handler);
    }
}
