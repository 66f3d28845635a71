namespace Millrace.Storage.Series.Query.Planning;

/// <summary>What a column of a <see cref="BucketSource"/> shows.</summary>
internal enum BucketFieldKind
{
    /// <summary>Nobody looks at it.</summary>
    Nothing,
    OfSeries,

    /// <summary>Which of the groups' tuples of dimensions.</summary>
    Tuple,

    /// <summary>When the bucket begins, in microseconds.</summary>
    Step,
    Time,
    Tested,
    Rows,
    Earliest,
    Latest,
    Count,
    DoubleSum,
    WholeSum,
    Least,
    Most,
    First,
    FirstTime,
    Last,
    LastTime,
}
