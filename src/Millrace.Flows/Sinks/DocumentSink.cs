using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Puts documents into declared collections. The last one of a key is kept, so that a batch carried twice ends as one carried once.</summary>
/// <param name="store">Keeps them.</param>
/// <param name="find">A declared collection; null where there is none of that name.</param>
/// <param name="collection">The template of its name.</param>
/// <param name="maker">This sink's.</param>
/// <param name="context">This sink's.</param>
internal sealed class DocumentSink(
    IDocumentStore store, Func<string, CollectionOptions?> find, Template collection, IDocumentMaker maker, RuleContext context) : ISink
{
    /// <summary>Bytes: the store's limit for one document, and what is written at once.</summary>
    private const int LargestDocument = 1024 * 1024;

    private const int WriteAtOnce = 4 * 1024 * 1024;

    private readonly RenderBuffer _name = new();
    private readonly List<DocumentChange> _changes = [];
    private readonly Dictionary<(string Collection, string Key), int> _at = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private Task _written = Task.CompletedTask;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => default;

    public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        var bytes = 0L;
        for (var i = 0; i < batch.Count; i++)
        {
            if (Make(batch, i, outcomes, out var change)) bytes += Add(change);
            if (bytes < WriteAtOnce) continue;
            Write();
            bytes = 0;
        }

        Write();
        return default;
    }

    public async ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        // The store writes in order: where the last write is safe, all before it are.
        await _written.WaitAsync(stop).ConfigureAwait(false);
        return reached;
    }

    public ValueTask DisposeAsync() => default;

    private bool Make(RecordBatch batch, int index, Outcomes outcomes, out DocumentChange change)
    {
        change = default;
        if (!_name.TryRender(collection, batch.Origin[batch.OriginOf(index)], context, out var utf8, out var reason))
        {
            outcomes.Refuse(index, Fault.Unreadable, $"the collection: {reason}");
            return false;
        }

        var name = Encoding.UTF8.GetString(utf8);
        if (find(name) is not { } declared)
        {
            outcomes.Refuse(index, Fault.Refused, $"the collection '{name}' is not declared under collections");
            return false;
        }

        if (maker.Make(batch, index, declared, out var key, out var document) is { } wrong)
        {
            outcomes.Refuse(index, Fault.Unreadable, wrong);
            return false;
        }

        if (document is { Length: > LargestDocument })
        {
            outcomes.Refuse(index, Fault.Refused, $"the document has {document.Length} bytes; it may have {LargestDocument}");
            return false;
        }

        change = new DocumentChange(CollectionOptions.StoreName(name), key, document);
        if (document is null || HasRoom(change, declared.Limit)) return true;
        outcomes.Refuse(index, Fault.Refused, $"the collection {name} holds {declared.Limit} documents, and this would be one more: raise its limit, or give the documents fewer keys");
        return false;
    }

    /// <summary>Counted once: what other sinks write there at the same time is seen when this one is opened again.</summary>
    private bool HasRoom(DocumentChange change, int limit)
    {
        if (_at.ContainsKey((change.Collection, change.Key)) || store.Find(change.Collection, change.Key) is not null) return true;
        if (!_counts.TryGetValue(change.Collection, out var count)) count = store.List(change.Collection).Count;
        var hasRoom = count < limit;
        _counts[change.Collection] = hasRoom ? count + 1 : count;
        return hasRoom;
    }

    private int Add(DocumentChange change)
    {
        if (_at.TryGetValue((change.Collection, change.Key), out var at)) _changes[at] = change;
        else
        {
            _at.Add((change.Collection, change.Key), _changes.Count);
            _changes.Add(change);
        }

        return change.Key.Length + (change.Value?.Length ?? 0);
    }

    private void Write()
    {
        if (_changes.Count == 0) return;
        try
        {
            var safe = new Waiter();
            store.Write([.. _changes], safe);
            _written = safe.Task;
        }
        finally
        {
            _changes.Clear();
            _at.Clear();
        }
    }

    private sealed class Waiter : IWriteListener
    {
        private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _safe.Task;

        public void Written(long number) => _safe.TrySetResult();
    }
}
