namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>How a measure is compared with a constant.</summary>
internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Null,
    NotNull,
}
