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

    /// <summary>A column of the answer would be called by what replaces its aggregate.</summary>
    public required bool Renames { get; init; }
}
