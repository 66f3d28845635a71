using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Storage.Log;

namespace Millrace.Server.Streams;

/// <summary>How far named consumers of streams are, kept as documents.</summary>
/// <remarks>Any thread may call. What a task wrote is safe when it ends.</remarks>
internal sealed class ConsumerStore(IDocumentStore documents, TimeProvider clock)
{
    public const int MostOfStream = 100;

    public const string NameRule = "must be 1 to 128 letters, digits, _, - and ., the first a letter or digit";

    private const string Collection = "stream-consumers";

    private readonly Lock _gate = new();

    /// <summary>In order of their names.</summary>
    public IReadOnlyList<(string Name, StoredConsumer Consumer)> Of(string stream) =>
    [
        .. documents.List(Collection).Where(one => one.Key.StartsWith($"{stream}/", StringComparison.Ordinal))
            .Select(one => (one.Key[(stream.Length + 1)..], Read(one.Key, one.Value))),
    ];

    public StoredConsumer? Find(string stream, string consumer) =>
        documents.Find(Collection, $"{stream}/{consumer}") is { } bytes ? Read($"{stream}/{consumer}", bytes) : null;

    /// <summary>Where a consumer reads on in a partition; null where nobody set that yet.</summary>
    public long? PositionOf(string stream, string consumer, int partition) =>
        Find(stream, consumer) is { } found && found.Positions.TryGetValue(partition, out var position) ? position : null;

    /// <summary>Sets positions, back or forth. Makes the consumer where there is none.</summary>
    /// <exception cref="FaultException">Refused: the name, or too many of them.</exception>
    public Task ResetAsync(StreamView stream, string consumer, IEnumerable<(LogPartition Partition, long Offset)> positions) =>
        ChangeAsync(stream, consumer, positions, isCommit: false);

    /// <summary>All before a place is done.</summary>
    /// <exception cref="FaultException">Refused: the consumer is further already, or the place is behind the end.</exception>
    public Task CommitAsync(StreamView stream, string consumer, LogPartition partition, long next) =>
        ChangeAsync(stream, consumer, [(partition, next)], isCommit: true);

    /// <returns>False where there is none.</returns>
    public async Task<bool> RemoveAsync(string stream, string consumer)
    {
        if (Find(stream, consumer) is null) return false;
        await documents.SafelyAsync(clock, StreamHost.Late, new DocumentChange(Collection, $"{stream}/{consumer}", null));
        return true;
    }

    /// <summary>What takes all consumers of a stream away.</summary>
    public IEnumerable<DocumentChange> RemovalsOf(string stream) => Of(stream).Select(one => new DocumentChange(Collection, $"{stream}/{one.Name}", null));

    private Task ChangeAsync(StreamView stream, string consumer, IEnumerable<(LogPartition Partition, long Offset)> positions, bool isCommit)
    {
        var name = stream.Options.Name;
        if (consumer.Length is 0 or > 128 || !char.IsAsciiLetterOrDigit(consumer[0]) || !consumer.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            throw new FaultException(Fault.Refused, $"the name of a consumer {NameRule}");
        lock (_gate)
        {
            var found = Find(name, consumer);
            if (found is null && Of(name).Count >= MostOfStream) throw new FaultException(Fault.Refused, $"stream {name} has {MostOfStream} consumers, which is as many as it may have");
            var changed = found ?? new StoredConsumer([], []);
            foreach (var (partition, offset) in positions)
            {
                if (offset > partition.End) throw new FaultException(Fault.Refused, $"{partition.Name} ends with record {partition.End - 1}; {offset - 1} cannot be done");
                if (isCommit && changed.Positions.TryGetValue(partition.Index, out var now) && now > offset)
                    throw new FaultException(Fault.Refused, $"consumer {consumer} is at record {now} of {partition.Name} already; to go back, reset it");
                changed.Positions[partition.Index] = offset;
                changed.Progress[partition.Index] = clock.GetUtcNow();
            }

            return documents.SafelyAsync(clock, StreamHost.Late, new DocumentChange(Collection, $"{name}/{consumer}", JsonSerializer.SerializeToUtf8Bytes(changed, StreamJson.Default.StoredConsumer)));
        }
    }

    private static StoredConsumer Read(string key, byte[] bytes) => SafeDocuments.Read(bytes, StreamJson.Default.StoredConsumer, $"the stored consumer {key}");
}
