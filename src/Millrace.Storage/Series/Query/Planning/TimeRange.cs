namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Times from one to another, both inclusive, in nanoseconds since 1970; from after to: none.</summary>
internal readonly record struct TimeRange(long FromNs, long ToNs)
{
    public static readonly TimeRange All = new(long.MinValue, long.MaxValue);
    public static readonly TimeRange None = new(long.MaxValue, long.MinValue);

    public bool IsAll => FromNs == long.MinValue && ToNs == long.MaxValue;

    public bool IsEmpty => FromNs > ToNs;

    public TimeRange And(TimeRange other) => new(Math.Max(FromNs, other.FromNs), Math.Min(ToNs, other.ToNs));

    /// <summary>The smallest range that has both.</summary>
    public TimeRange Or(TimeRange other) => IsEmpty ? other : other.IsEmpty ? this : new(Math.Min(FromNs, other.FromNs), Math.Max(ToNs, other.ToNs));

    public static TimeRange AtLeast(long ns) => new(ns, long.MaxValue);

    public static TimeRange MoreThan(long ns) => ns == long.MaxValue ? None : new(ns + 1, long.MaxValue);

    public static TimeRange AtMost(long ns) => new(long.MinValue, ns);

    public static TimeRange LessThan(long ns) => ns == long.MinValue ? None : new(long.MinValue, ns - 1);
}
