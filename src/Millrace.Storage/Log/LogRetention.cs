using Millrace.Contracts;

namespace Millrace.Storage.Log;

/// <summary>How long one log keeps its records. The segment being written is always kept.</summary>
/// <param name="MaxAge">Segments whose newest record is older are dropped; null keeps them for ever.</param>
/// <param name="MaxBytes">The oldest segments of a partition are dropped while it holds more than this; null keeps them for ever.</param>
/// <param name="Before">Segments that end before this offset are dropped, whatever their age: their only reader is done with them for good.</param>
public sealed record LogRetention(TimeSpan? MaxAge = null, ByteSize? MaxBytes = null, long Before = 0);
