using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;

namespace Millrace.Flows.Sinks;

/// <summary>AWS's batchMode: each element of a record that is a JSON array goes on as a record of its own. Other records go on as they are.</summary>
/// <param name="inner">Gets the elements.</param>
/// <param name="most">Elements that an array may have.</param>
internal sealed class ArraySink(ISink inner, int most) : ISink
{
    private readonly RecordBatch _elements = new();
    private readonly List<int> _recordOf = [];
    private readonly List<Range> _ranges = [];
    private readonly OutcomeFold _fold = new();
    private int[] _partsOf = [];

    public bool IsDoneWhenWritten => inner.IsDoneWhenWritten;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => inner.OpenAsync(stop);

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        _elements.ClearFor(batch);
        _recordOf.Clear();
        if (_partsOf.Length < batch.Count) _partsOf = new int[batch.Count];
        for (var i = 0; i < batch.Count; i++) Add(batch, i, outcomes);
        if (_elements.Count == 0) return;
        _fold.Parts.Clear();
        await inner.WriteAsync(_elements, before, _fold.Parts, stop).ConfigureAwait(false);
        _fold.Into(part => _recordOf[part], record => _partsOf[record], outcomes);
    }

    public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop) => inner.CommitAsync(reached, stop);

    public async ValueTask DisposeAsync()
    {
        _elements.Dispose();
        await inner.DisposeAsync().ConfigureAwait(false);
    }

    private void Add(RecordBatch batch, int index, Outcomes outcomes)
    {
        var payload = batch[index].Payload;
        if (!JsonArray.Is(payload))
        {
            _elements.AddView(batch, index);
            _recordOf.Add(index);
            _partsOf[index] = 1;
            return;
        }

        _ranges.Clear();
        if (JsonArray.Split(payload, most, _ranges) is { } wrong)
        {
            outcomes.Refuse(index, Fault.Unreadable, wrong);
            return;
        }

        // An empty array asks for nothing: it is done.
        foreach (var range in _ranges)
        {
            _elements.AddView(batch, index, payload[range]);
            _recordOf.Add(index);
        }

        _partsOf[index] = _ranges.Count;
    }
}
