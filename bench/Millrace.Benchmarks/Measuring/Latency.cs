namespace Millrace.Benchmarks.Measuring;

/// <summary>A distribution of waits, in milliseconds.</summary>
internal sealed record Latency(double P50Ms, double P99Ms, double MaxMs);
