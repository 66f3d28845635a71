using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Flows.Windows;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Appends to a named stream, in order for each key. A batch that is carried twice stands there once, where its records are marked.</summary>
/// <remarks>Records of Basic Ingest have reached the flow they named: they go on under the topic that its rule saw.</remarks>
/// <param name="stream">Where to.</param>
/// <param name="key">Of a record; null: the one it has.</param>
/// <param name="context">Of this sink.</param>
/// <param name="mark">That of the rows of windows, where it is these that come; null: any records.</param>
/// <param name="origin">The number that marks the lane's records; null: they are not marked.</param>
internal sealed class StreamSink(
    IRecordLog stream, Template? key, RuleContext context, RowMark? mark = null, Func<ValueTask<(long Id, bool IsNew)>>? origin = null) : ISink
{
    private readonly RecordBatch[] _byPartition = [.. stream.Partitions.Select(static _ => new RecordBatch())];
    private readonly List<int>[] _indexes = [.. stream.Partitions.Select(static _ => new List<int>())];
    private readonly RenderBuffer _key = new();
    private byte[] _properties = [];
    private RowsThere? _rows;
    private OriginsThere? _there;
    private long _lane;
    private long _lastOrigin = -1;
    private int _ofOrigin;

    public bool IsDoneWhenWritten => true;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => default;

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        if (mark is not null) _rows ??= new RowsThere(mark, stream, batch[0].ArrivalNs);
        else if (origin is not null && _there is null) await FindAsync(origin, before, batch[0].ArrivalNs, stop).ConfigureAwait(false);
        foreach (var part in _byPartition) part.Clear();
        foreach (var indexes in _indexes) indexes.Clear();
        _lastOrigin = -1;
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

    private async ValueTask FindAsync(Func<ValueTask<(long Id, bool IsNew)>> numberAsync, Checkpoint before, long firstNs, CancellationToken stop)
    {
        (_lane, var isNew) = await numberAsync().ConfigureAwait(false);
        _there = isNew ? new OriginsThere() : await OriginsThere.FindAsync(stream, _lane, before, firstNs, stop).ConfigureAwait(false);
    }

    private void Assign(RecordBatch batch, int index, Outcomes outcomes)
    {
        var record = batch[index];
        var source = batch.Origin[batch.OriginOf(index)];
        _ofOrigin = source.Offset == _lastOrigin ? _ofOrigin + 1 : 0;
        _lastOrigin = source.Offset;
        var name = record.Key;
        if (key is not null)
        {
            if (!_key.TryRender(key, source, context, out name, out var reason))
            {
                outcomes.Refuse(index, Fault.Unreadable, $"the stream's key: {reason}");
                return;
            }
        }

        var partition = stream.PartitionFor(name).Index;
        if (_rows?.Takes(partition, record) == true || _there?.Takes(source.Offset, _ofOrigin) == true)
        {
            outcomes.Absorbed(index);
            return;
        }

        _indexes[partition].Add(index);
        _byPartition[partition].Add(new Record
        {
            Topic = BasicIngestTopic.WithoutFlow(record.Topic),
            Key = name,
            Properties = _there is null ? record.Properties : Marked(record.Properties, new OriginMark(_lane, source.Offset, _ofOrigin)),
            Payload = record.Payload,
            Flags = record.Flags,
        });
    }

    /// <summary>Good until the next call.</summary>
    private ReadOnlySpan<byte> Marked(ReadOnlySpan<byte> properties, OriginMark origin)
    {
        properties = OriginMark.Without(properties);
        var size = properties.Length + OriginMark.Size;
        if (_properties.Length < size) _properties = new byte[size * 2];
        properties.CopyTo(_properties);
        origin.Write(_properties.AsSpan(properties.Length));
        return _properties.AsSpan(0, size);
    }
}
