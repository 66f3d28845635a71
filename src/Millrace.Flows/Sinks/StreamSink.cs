using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Appends to a named stream, in order for each key. A batch that is carried twice stands there twice.</summary>
/// <remarks>Records of Basic Ingest have reached the flow they named: they go on under the topic that its rule saw.</remarks>
internal sealed class StreamSink(IRecordLog stream, Template? key, RuleContext context) : ISink
{
    private readonly RecordBatch[] _byPartition = [.. stream.Partitions.Select(static _ => new RecordBatch())];
    private readonly List<int>[] _indexes = [.. stream.Partitions.Select(static _ => new List<int>())];
    private readonly RenderBuffer _key = new();

    public bool IsDoneWhenWritten => true;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => default;

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        foreach (var part in _byPartition) part.Clear();
        foreach (var indexes in _indexes) indexes.Clear();
        for (var i = 0; i < batch.Count; i++) Assign(batch, i, outcomes);
        for (var i = 0; i < _byPartition.Length; i++)
        {
            var indexes = _indexes[i];
            await stream.Partitions[i].AppendAsync(
                _byPartition[i], (index, reason) => outcomes.Refuse(indexes[index], Fault.Refused, reason), stop).ConfigureAwait(false);
        }
    }

    public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop) => new(reached);

    public ValueTask DisposeAsync()
    {
        foreach (var part in _byPartition) part.Dispose();
        return default;
    }

    private void Assign(RecordBatch batch, int index, Outcomes outcomes)
    {
        var record = batch[index];
        var name = record.Key;
        if (key is not null)
        {
            if (!_key.TryRender(key, batch.Origin[batch.OriginOf(index)], context, out name, out var reason))
            {
                outcomes.Refuse(index, Fault.Unreadable, $"the stream's key: {reason}");
                return;
            }
        }

        var partition = stream.PartitionFor(name).Index;
        _indexes[partition].Add(index);
        _byPartition[partition].Add(new Record
        {
            Topic = BasicIngestTopic.WithoutFlow(record.Topic),
            Key = name,
            Properties = record.Properties,
            Payload = record.Payload,
            Flags = record.Flags,
        });
    }
}
