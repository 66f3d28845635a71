namespace Millrace.Benchmarks.Reports;

/// <summary>What is expected of us, and what was found.</summary>
/// <param name="What">A sentence's beginning.</param>
/// <param name="Found">A figure with its unit, and names where there are some.</param>
/// <param name="IsMet">Whether it is good enough.</param>
internal sealed record SeriesTarget(string What, string Found, bool IsMet);
