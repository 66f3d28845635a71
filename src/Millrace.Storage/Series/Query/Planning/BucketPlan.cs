using Millrace.Storage.Series.Query.Buckets;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>A SELECT over one table whose aggregates are put together from buckets.</summary>
internal sealed class BucketPlan
{
    public required BucketSpec Spec { get; init; }

    /// <summary>Of the rows that count: exactly these, and what <see cref="BucketSpec.Tests"/> say.</summary>
    public required TimeRange Range { get; init; }

    /// <summary>Measures that WHERE names, by test: WHERE stays as it is, and sees the value that the first row of a bucket passed with.</summary>
    public required IReadOnlyList<ShapeColumn> Tested { get; init; }

    /// <summary>What replaces the aggregates.</summary>
    public required Splices Splices { get; init; }

    /// <summary>The groups, where each is one bucket of all series with the same dimensions; else null.</summary>
    public required GroupKeys? Keys { get; init; }

    /// <summary>What replaces the aggregates where each bucket comes once, whole, and is not grouped again.</summary>
    public required Splices Ungrouped { get; init; }

    /// <summary>A column of the answer would be called by what replaces its aggregate.</summary>
    public required bool Renames { get; init; }
}
