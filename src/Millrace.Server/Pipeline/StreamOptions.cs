using Millrace.Contracts;

namespace Millrace.Server.Pipeline;

/// <summary>A named stream: what Kinesis calls a stream and Kafka a topic.</summary>
public sealed record StreamOptions(string Name)
{
    /// <summary>Records of one key stay in one partition. The number never changes afterwards.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Older segments are dropped.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    public IEnumerable<Problem> Check()
    {
        if (Partitions is < 1 or > 256) yield return new("partitions", "must be from 1 to 256");
        if (Retention < TimeSpan.FromMinutes(1)) yield return new("retention", "must be at least 1m");
    }
}
