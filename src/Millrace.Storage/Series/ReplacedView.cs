namespace Millrace.Storage.Series;

/// <summary>The replaced rows of a table at one moment. Any thread may look.</summary>
internal readonly struct ReplacedView(ReplacedSet? set)
{
    private readonly ReplacedSet? _set = set;
    private readonly int _count = set?.Count ?? 0;

    public bool Any => _count > 0;

    public ReadOnlySpan<ReplacedRow> Rows => _set is null ? [] : _set.Rows[.._count];

    /// <summary>Whether rows of these times can be among them.</summary>
    public bool MayHave(long fromNs, long toNs) => _set is not null && _count > 0 && _set.FromNs <= toNs && _set.ToNs >= fromNs;

    /// <summary>Whether rows of a series and of these times can be.</summary>
    public bool MayHave(int series, long fromNs, long toNs) => MayHave(fromNs, toNs) && _set!.MayHave(series);

    public bool Contains(int series, long timeNs, long version) =>
        _set is not null && _set.MayHave(series) && _set.Contains(series, timeNs, version, _count);
}
