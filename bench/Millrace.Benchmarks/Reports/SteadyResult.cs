using Millrace.Benchmarks.Measuring;

namespace Millrace.Benchmarks.Reports;

/// <summary>What the phase at a fixed rate measured.</summary>
internal sealed record SteadyResult
{
    public required int Rate { get; init; }

    /// <summary>Below <see cref="Rate"/> where the stack could not keep up.</summary>
    public required double ReachedRate { get; init; }

    public required CpuUse Cpu { get; init; }

    public required Latency Puback { get; init; }

    /// <summary>Of the messages of a few cars: from publish until a query that is asked again and again had the row.</summary>
    public required Latency Queryable { get; init; }

    /// <summary>How many messages that were.</summary>
    public required long Probed { get; init; }
}
