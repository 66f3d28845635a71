using Millrace.Contracts.Log;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>A named log on our own disk, all its partitions recovered.</summary>
public sealed class RecordLog : IRecordLog
{
    internal RecordLog(string name, LogPartition[] partitions, LogRouting routing)
    {
        Name = name;
        Partitions = partitions;
        Routing = routing;
        Ranges = new HashRanges(partitions.Length);
    }

    public string Name { get; }

    public IReadOnlyList<LogPartition> Partitions { get; }

    /// <summary>How a key finds its partition.</summary>
    public LogRouting Routing { get; }

    /// <summary>Which hash keys each partition owns, where routing is by MD5.</summary>
    public HashRanges Ranges { get; }

    IReadOnlyList<ILogPartition> IRecordLog.Partitions => Partitions;

    /// <summary>From now on this log keeps its records so long, and not as the store's options say.</summary>
    public void Keep(LogRetention retention)
    {
        foreach (var partition in Partitions) partition.Retention = retention;
    }

    /// <summary>From now on this log takes records of other sizes than the store's options say.</summary>
    public void Limit(LogLimits limits)
    {
        foreach (var partition in Partitions) partition.Limits = limits;
    }

    // What is on disk depends on this: the same key must find its partition in every version.
    public ILogPartition PartitionFor(ReadOnlySpan<byte> key) =>
        Partitions.Count == 1 ? Partitions[0]
        : Routing == LogRouting.Md5 ? Partitions[Ranges.PartitionOf(HashRanges.HashOf(key))]
        : Partitions[(int)((ulong)Mix(Crc32C.Of(key)) * (ulong)Partitions.Count >> 32)];

    /// <summary>Spreads what a CRC keeps of likenesses between keys over all bits (the finalizer of MurmurHash3).</summary>
    private static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
