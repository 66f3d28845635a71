using Millrace.Contracts;

namespace Millrace.Server.Pipeline;

/// <summary>A named stream: what Kinesis calls a stream and Kafka a topic.</summary>
public sealed record StreamOptions(string Name)
{
    /// <summary>As of Kinesis; of payload and key together.</summary>
    public static ByteSize DefaultRecordSize { get; } = ByteSize.MiB(1);

    private static readonly ByteSize LargestRecordSize = ByteSize.MiB(10);

    /// <summary>Shards. Records of one key stay in one partition. The number never changes afterwards.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Older segments are dropped.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The oldest segments of a partition are dropped while it holds more; null: only time counts.</summary>
    public ByteSize? MaxBytes { get; init; }

    /// <summary>Payload and key of a record, together.</summary>
    public ByteSize MaxRecordSize { get; init; } = DefaultRecordSize;

    public IEnumerable<Problem> Check()
    {
        if (Partitions is < 1 or > 256) yield return new("partitions", "must be from 1 to 256");
        if (Retention < TimeSpan.FromMinutes(1)) yield return new("retention", "must be at least 1m");
        if (MaxBytes < ByteSize.MiB(1)) yield return new("maxBytes", "must be at least 1MiB; it counts for each partition");
        if (MaxRecordSize < ByteSize.KiB(1) || MaxRecordSize > LargestRecordSize) yield return new("maxRecordSize", $"must be from 1KiB to {LargestRecordSize}");
    }
}
