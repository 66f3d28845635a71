namespace Millrace.Flows.Metrics;

/// <summary>What was added to a number since the start.</summary>
/// <param name="Name">Of the number.</param>
/// <param name="Sum">Of all values.</param>
/// <param name="Count">Of values.</param>
/// <param name="Last">The value with the latest time.</param>
/// <param name="LastSeconds">That time, since 1970.</param>
public sealed record MetricValue(MetricName Name, double Sum, long Count, double Last, double LastSeconds);
