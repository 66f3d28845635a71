namespace Millrace.Contracts.Flows;

/// <summary>Where a flow stands in one partition of its source: all before <paramref name="Offset"/> is done, for good.</summary>
/// <param name="Offset">The next record to read.</param>
/// <param name="Counts">What became of all before it.</param>
public readonly record struct Checkpoint(long Offset, FlowCounts Counts);
