using Millrace.Benchmarks.Measuring;

namespace Millrace.Benchmarks.Reports;

/// <summary>What one round measured.</summary>
internal sealed record RoundResult
{
    public required double MessagesPerSecondToPuback { get; init; }

    /// <summary>Null where the stack stores nothing; as in <see cref="Steady"/>.</summary>
    public double? MessagesPerSecondToQueryable { get; init; }

    /// <summary>First publish to last row queryable.</summary>
    public required CpuUse Cpu { get; init; }

    public required Latency Puback { get; init; }

    public required double GeneratorCpuPerMillion { get; init; }

    public SteadyResult? Steady { get; init; }

    /// <summary>By kind, after the stack was stopped in good order; over all messages of the round.</summary>
    public required IReadOnlyDictionary<string, double> BytesPerMessage { get; init; }
}
