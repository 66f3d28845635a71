using Millrace.Benchmarks.Measuring;

namespace Millrace.Benchmarks.Load;

/// <summary>One line a load generator writes to its standard output, as JSON.</summary>
internal sealed record LoadLine
{
    /// <summary>All connections stand; it publishes when a line comes on its standard input.</summary>
    public const string Ready = "ready";

    public const string Progress = "progress";

    /// <summary>The last PUBACK came; the only line with <see cref="Seconds"/>, <see cref="CpuSeconds"/> and <see cref="Puback"/>.</summary>
    public const string Done = "done";

    /// <summary>Gave up, with <see cref="Reason"/>.</summary>
    public const string Failed = "failed";

    public required string Event { get; init; }

    public long Acknowledged { get; init; }

    /// <summary>First publish to last PUBACK.</summary>
    public double Seconds { get; init; }

    /// <summary>What the generator itself used meanwhile.</summary>
    public double CpuSeconds { get; init; }

    public Latency? Puback { get; init; }

    public string? Reason { get; init; }
}
