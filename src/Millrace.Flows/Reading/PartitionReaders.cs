using System.Collections.Concurrent;
using Millrace.Contracts.Log;

namespace Millrace.Flows.Reading;

/// <summary>One reader for each partition that flows read.</summary>
internal sealed class PartitionReaders(Func<ILogPartition, PartitionReader> create)
{
    private readonly ConcurrentDictionary<ILogPartition, Lazy<PartitionReader>> _readers = [];

    public PartitionReader Of(ILogPartition source) => _readers.GetOrAdd(source, one => new Lazy<PartitionReader>(() => create(one))).Value;
}
