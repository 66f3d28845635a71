using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Millrace.Gateway.Connections;

/// <summary>The far end of a connection, as the transport knows it.</summary>
/// <param name="Address">With port, for the log.</param>
/// <param name="Listener">That it came in by.</param>
/// <param name="Certificate">That the client showed; the TLS layer has seen that it holds the key, and nothing else of it.</param>
public sealed record Peer(string Address, ListenerOptions Listener, X509Certificate2? Certificate = null)
{
    /// <summary>The address without its port.</summary>
    public string Host => IPEndPoint.TryParse(Address, out var endpoint) ? endpoint.Address.ToString() : Address;
}
