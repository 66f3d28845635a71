namespace Millrace.Flows.Metrics;

/// <summary>A number that rules add to, as CloudWatch names it.</summary>
public readonly record struct MetricName(string Namespace, string Name, string Unit);
