using Millrace.Contracts.Log;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>A named log on our own disk, all its partitions recovered.</summary>
public sealed class RecordLog : IRecordLog
{
    internal RecordLog(string name, LogPartition[] partitions)
    {
        Name = name;
        Partitions = partitions;
    }

    public string Name { get; }

    public IReadOnlyList<LogPartition> Partitions { get; }

    IReadOnlyList<ILogPartition> IRecordLog.Partitions => Partitions;

    /// <summary>From now on this log keeps its records so long, and not as the store's options say.</summary>
    public void Keep(LogRetention retention)
    {
        foreach (var partition in Partitions) partition.Retention = retention;
    }

    // What is on disk depends on this: the same key must find its partition in every version.
    public ILogPartition PartitionFor(ReadOnlySpan<byte> key) =>
        Partitions.Count == 1 ? Partitions[0] : Partitions[(int)((ulong)Mix(Crc32C.Of(key)) * (ulong)Partitions.Count >> 32)];

    /// <summary>Spreads what a CRC keeps of likenesses between keys over all bits (the finalizer of MurmurHash3).</summary>
    private static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
