using System.Net;

namespace Millrace.Benchmarks.Load;

/// <summary>What one load generator does.</summary>
internal sealed record LoadOptions
{
    /// <summary>The broker; on loopback, always.</summary>
    public required IPEndPoint Connect { get; init; }

    public required LoadShape Shape { get; init; }

    /// <summary>Published in all; in a storm, connections made and ended.</summary>
    public required int Messages { get; init; }

    public int Qos { get; init; } = 1;

    /// <summary>Messages a second over all connections; 0 for as fast as acknowledgements come.</summary>
    public int Rate { get; init; }

    /// <summary>Null where nobody listens.</summary>
    public LoadSubscription? Subscription { get; init; }

    /// <summary>The server's certificate, a PEM file: then connections are over TLS. Null for plain TCP.</summary>
    public string? Certificate { get; init; }

    /// <summary>Connects, and does nothing else: the shape's connections are those at once, and each ends when CONNACK has come.</summary>
    public bool Storm { get; init; }

    public long Deliveries => (long)Messages * (Subscription?.Deliveries ?? 0);
}
