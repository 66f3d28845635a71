namespace Millrace.Storage.Series.Query.Planning;

/// <summary>A column of a <see cref="BucketSource"/>.</summary>
/// <param name="Kind">What it shows.</param>
/// <param name="At">Of which measure or test, by its place in the specification.</param>
/// <param name="IsBoolean">Its values are booleans.</param>
/// <param name="Values">Of a dimension or the measure name; else null.</param>
internal readonly record struct BucketField(BucketFieldKind Kind, int At, bool IsBoolean, ValueIndex? Values);
