using Millrace.Benchmarks.Measuring;

namespace Millrace.Benchmarks.Reports;

/// <summary>What one round of a row measured on one broker.</summary>
internal sealed record GatewayFigures
{
    /// <summary>Messages, deliveries or connections; null where nothing moves.</summary>
    public double? PerSecond { get; init; }

    /// <summary>What brokers are compared by, in the row's unit; less is better.</summary>
    public required double Cost { get; init; }

    /// <summary>Where the CPU went, in the unit of <see cref="Cost"/>, by thread; null where the cost is none of CPU.</summary>
    public IReadOnlyDictionary<string, double>? Cpu { get; init; }

    /// <summary>Publish to subscriber where there is one, else to acknowledgement; of a connection, to CONNACK.</summary>
    public Latency? Wait { get; init; }

    public double? GeneratorCpuPerMillion { get; init; }
}
