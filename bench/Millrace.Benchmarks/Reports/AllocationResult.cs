namespace Millrace.Benchmarks.Reports;

/// <summary>What our publish path allocates: connection, broker and log, without network.</summary>
/// <param name="Title">What was published to whom.</param>
/// <param name="BytesPerMessage">Of managed memory, on all threads.</param>
/// <param name="IsMet">At most what is allowed.</param>
internal sealed record AllocationResult(string Title, double BytesPerMessage, bool IsMet);
