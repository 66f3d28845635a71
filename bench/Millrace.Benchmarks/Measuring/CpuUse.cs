namespace Millrace.Benchmarks.Measuring;

/// <summary>CPU seconds, user and system, for each million of messages.</summary>
internal sealed record CpuUse(double PerMillion, IReadOnlyDictionary<string, double> Parts);
