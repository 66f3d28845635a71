using System.Net;

namespace Millrace.Benchmarks.Load;

/// <summary>What one load generator does.</summary>
internal sealed record LoadOptions
{
    /// <summary>The broker; on loopback, always.</summary>
    public required IPEndPoint Connect { get; init; }

    public required LoadShape Shape { get; init; }

    public required int Messages { get; init; }

    /// <summary>Messages a second over all connections; 0 for as fast as acknowledgements come.</summary>
    public int Rate { get; init; }
}
