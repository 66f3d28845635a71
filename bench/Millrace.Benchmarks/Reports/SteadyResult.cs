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

    /// <summary>How old the newest queryable row was when a query told it.</summary>
    public required Latency Queryable { get; init; }

    public required long Probes { get; init; }
}
