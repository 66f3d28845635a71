using Millrace.Contracts.Tables;

namespace Millrace.Server.Live;

/// <summary>A series that a live view follows.</summary>
internal sealed class SeriesWatch(
    string id, TableName table, IReadOnlyDictionary<string, string> dimensions, string measure, string? column, double? sinceMs)
{
    /// <summary>So late may a point come and still reach an open view; one that comes later shows when the view is opened again.</summary>
    private const long OverlapNs = 15 * 60 * 1_000_000_000L;

    private readonly long _sinceNs = sinceMs is > 0 and < 9.2e12 ? (long)(sinceMs.Value * 1e6) : 0;
    private readonly Dictionary<long, double> _sent = [];
    private long _newestNs;

    public string Id { get; } = id;

    public TableName Table { get; } = table;

    public IReadOnlyDictionary<string, string> Dimensions { get; } = dimensions;

    public string Measure { get; } = measure;

    public string? Column { get; } = column;

    /// <summary>Points after this are asked for, nanoseconds since 1970.</summary>
    public long AfterNs => Math.Max(_sinceNs, _newestNs - OverlapNs);

    /// <summary>Takes note of a point that is to be sent.</summary>
    /// <returns>False where it was sent before, with this value.</returns>
    public bool IsNew(long timeNs, double value)
    {
        if (timeNs > _newestNs) _newestNs = timeNs;
        if (_sent.TryGetValue(timeNs, out var sent) && sent.Equals(value)) return false;
        _sent[timeNs] = value;
        return true;
    }

    /// <summary>Forgets what will not be asked for again.</summary>
    public void Trim()
    {
        var after = AfterNs;
        foreach (var time in _sent.Keys)
            if (time <= after) _sent.Remove(time);
    }
}
