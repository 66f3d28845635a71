namespace Millrace.Storage.Series.Query;

/// <summary>How much an answer may have; it says when there was more.</summary>
/// <param name="Rows">So many at most.</param>
/// <param name="Bytes">About so many at most, as they are in memory.</param>
public sealed record QueryLimits(long Rows, long Bytes)
{
    /// <summary>For answers that go on their way while they are computed, and are never in memory as a whole.</summary>
    public static QueryLimits None { get; } = new(long.MaxValue, long.MaxValue);
}
