namespace Millrace.Storage.Series.Scans;

/// <summary>Which rows of a table a scan is to hand out.</summary>
internal sealed record ScanRange
{
    public static ScanRange All { get; } = new();

    /// <summary>Null for all.</summary>
    public SeriesSet? Series { get; init; }

    public long FromNs { get; init; } = long.MinValue;

    /// <summary>Inclusive.</summary>
    public long ToNs { get; init; } = long.MaxValue;

    public bool Overlaps(long fromNs, long toNs) => fromNs <= ToNs && toNs >= FromNs;

    /// <summary>Whether all of a stretch of time is in it.</summary>
    public bool Covers(long fromNs, long toNs) => fromNs >= FromNs && toNs <= ToNs;
}
