namespace Millrace.Contracts.Log;

/// <summary>A named log: the ingress log, or a stream. What is appended to one of its partitions keeps its order there.</summary>
public interface IRecordLog
{
    string Name { get; }

    IReadOnlyList<ILogPartition> Partitions { get; }

    /// <summary>The partition of a key (client id, partition key): the same one for the same key, always.</summary>
    ILogPartition PartitionFor(ReadOnlySpan<byte> key);
}
