using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Storage.Documents;

namespace Millrace.Testing.Storage;

/// <summary>Documents in memory that are safe at once, or when a test says so.</summary>
/// <remarks>
/// Any thread may call. Listeners are told on the thread that commits, in the order of writes and one at a time: with <see cref="CommitsAtOnce"/> before
/// <see cref="Write"/> has returned the number, unless another call is telling already.
/// </remarks>
public sealed class MemoryDocuments : IDocumentStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<string, byte[]>> _seen = [];
    private readonly Dictionary<string, SortedDictionary<string, byte[]>> _safe = [];
    private readonly Queue<(long Number, DocumentChange[] Changes, IWriteListener? Listener)> _waiting = [];
    private readonly Queue<(long Number, IWriteListener Listener)> _notices = [];
    private bool _telling;
    private long _last;

    /// <summary>False: what is written waits for <see cref="Commit"/>.</summary>
    public bool CommitsAtOnce { get; set; } = true;

    /// <summary>As with a disk that has refused for too long: <see cref="Write"/> throws.</summary>
    public bool RefusesWrites { get; set; }

    /// <summary>The number of the last write.</summary>
    public long Last
    {
        get
        {
            lock (_gate) return _last;
        }
    }

    public byte[]? Find(string collection, string key)
    {
        lock (_gate) return _seen.GetValueOrDefault(collection)?.GetValueOrDefault(key);
    }

    public IReadOnlyList<KeyValuePair<string, byte[]>> List(string collection)
    {
        lock (_gate) return _seen.TryGetValue(collection, out var documents) ? [.. documents] : [];
    }

    public long Write(ReadOnlySpan<DocumentChange> changes, IWriteListener? listener)
    {
        DocumentLimits.Check(changes);
        if (RefusesWrites) throw new FaultException(Fault.Unavailable, "the test lets nothing be written");
        long number;
        lock (_gate)
        {
            number = ++_last;
            foreach (var change in changes) Apply(_seen, change);
            _waiting.Enqueue((number, changes.ToArray(), listener));
        }

        if (CommitsAtOnce) Commit();
        return number;
    }

    /// <summary>Makes safe all that was written, and tells those who wait for it.</summary>
    public void Commit()
    {
        lock (_gate)
        {
            var told = new List<(long Number, IWriteListener Listener)>();
            while (_waiting.TryDequeue(out var write))
            {
                foreach (var change in write.Changes) Apply(_safe, change);
                if (write.Listener is not { } listener) continue;
                told.RemoveAll(notice => ReferenceEquals(notice.Listener, listener));
                told.Add((write.Number, listener));
            }

            told.ForEach(_notices.Enqueue);
            if (_telling) return;
            _telling = true;
        }

        Tell();
    }

    /// <summary>What a restart would find: only what is safe.</summary>
    public MemoryDocuments Copy()
    {
        var copy = new MemoryDocuments { CommitsAtOnce = CommitsAtOnce };
        lock (_gate)
        {
            foreach (var (collection, documents) in _safe)
                foreach (var (key, value) in documents)
                {
                    Apply(copy._seen, new DocumentChange(collection, key, value));
                    Apply(copy._safe, new DocumentChange(collection, key, value));
                }
        }

        return copy;
    }

    private static void Apply(Dictionary<string, SortedDictionary<string, byte[]>> state, DocumentChange change)
    {
        if (!state.TryGetValue(change.Collection, out var documents))
            state[change.Collection] = documents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        if (change.Value is { } value) documents[change.Key] = value;
        else documents.Remove(change.Key);
    }

    private void Tell()
    {
        while (true)
        {
            (long Number, IWriteListener Listener) notice;
            lock (_gate)
            {
                if (!_notices.TryDequeue(out notice))
                {
                    _telling = false;
                    return;
                }
            }

            notice.Listener.Written(notice.Number);
        }
    }
}
