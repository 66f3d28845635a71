using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Flows.Windows;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Appends to a named stream, in order for each key. A batch that is carried twice stands there twice, unless its records are marked rows.</summary>
/// <remarks>Records of Basic Ingest have reached the flow they named: they go on under the topic that its rule saw.</remarks>
/// <param name="stream">Where to.</param>
/// <param name="key">Of a record; null: the one it has.</param>
/// <param name="context">Of this sink.</param>
/// <param name="mark">That of the rows of windows, where it is these that come; null: any records.</param>
internal sealed class StreamSink(IRecordLog stream, Template? key, RuleContext context, RowMark? mark = null) : ISink
{
    private readonly RecordBatch[] _byPartition = [.. stream.Partitions.Select(static _ => new RecordBatch())];
    private readonly List<int>[] _indexes = [.. stream.Partitions.Select(static _ => new List<int>())];
    private readonly RenderBuffer _key = new();
    private RowsThere? _there;

    public bool IsDoneWhenWritten => true;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => default;

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        if (mark is not null) _there ??= new RowsThere(mark, stream, batch[0].ArrivalNs);
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
        if (_there?.Takes(partition, record) == true)
        {
            outcomes.Absorbed(index);
            return;
        }

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
