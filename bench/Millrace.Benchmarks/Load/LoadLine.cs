using Millrace.Benchmarks.Measuring;

namespace Millrace.Benchmarks.Load;

/// <summary>One line a load generator writes to its standard output, as JSON.</summary>
internal sealed record LoadLine
{
    /// <summary>All connections stand; it publishes when a line comes on its standard input.</summary>
    public const string Ready = "ready";

    public const string Progress = "progress";

    /// <summary>The last answer and message came; the only line with times and latencies.</summary>
    public const string Done = "done";

    /// <summary>Gave up, with <see cref="Reason"/>.</summary>
    public const string Failed = "failed";

    /// <summary>The server does not offer what was asked for; with <see cref="Reason"/>.</summary>
    public const string Refused = "refused";

    public required string Event { get; init; }

    public long Acknowledged { get; init; }

    public long Delivered { get; init; }

    /// <summary>First publish to last answer or delivery, whichever came later.</summary>
    public double Seconds { get; init; }

    /// <summary>What the generator itself used meanwhile.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Publish to acknowledgement.</summary>
    public Latency? Puback { get; init; }

    /// <summary>Publish to subscriber; null where there is none.</summary>
    public Latency? Delivery { get; init; }

    public string? Reason { get; init; }

    public static LoadLine Of(LoadTally tally, long startNs, TimeSpan cpu) => new()
    {
        Event = Done,
        Acknowledged = tally.Acknowledged,
        Delivered = tally.Delivered,
        Seconds = (tally.LastNs - startNs) / 1e9,
        CpuSeconds = cpu.TotalSeconds,
        Puback = tally.ToAck.ToLatency(),
        Delivery = tally.Delivered > 0 ? tally.ToDelivery.ToLatency() : null,
    };
}
