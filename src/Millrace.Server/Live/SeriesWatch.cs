using Millrace.Contracts.Tables;

namespace Millrace.Server.Live;

/// <summary>A series that a live view follows.</summary>
internal sealed class SeriesWatch(
    string id, TableName table, IReadOnlyDictionary<string, string> dimensions, string measure, string? column, double? sinceMs)
{
    public string Id { get; } = id;

    public TableName Table { get; } = table;

    public IReadOnlyDictionary<string, string> Dimensions { get; } = dimensions;

    public string Measure { get; } = measure;

    public string? Column { get; } = column;

    /// <summary>The newest point that was sent, nanoseconds since 1970.</summary>
    public long SentNs { get; set; } = sinceMs is > 0 and < 9.2e12 ? (long)(sinceMs.Value * 1e6) : 0;
}
