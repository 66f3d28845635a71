using Millrace.Contracts.Documents;

namespace Millrace.Tests.Storage.Documents;

/// <summary>What a store must hold: what was there at its start, its writes in order, and up to where it said that they are safe.</summary>
internal sealed class DocumentModel : IWriteListener
{
    private readonly List<DocumentChange[]> _writes = [];
    private SortedDictionary<string, byte[]> _start = new(StringComparer.Ordinal);
    private long _safe;

    public static string[] Collections { get; } = ["sessions", "retained", "größe"];

    public long Written => _writes.Count;

    public void Add(DocumentChange[] changes) => _writes.Add(changes);

    void IWriteListener.Written(long number)
    {
        Assert.InRange(number, _safe + 1, _writes.Count);
        _safe = number;
    }

    /// <summary>After a restart: what was safe is there, and behind it a beginning of what was under way. All of that is safe from now on.</summary>
    public void Settle(IDocumentStore store)
    {
        var found = StateOf(store);
        var state = _start;
        var fits = _safe == 0 && Same(state, found);
        for (var i = 0; i < _writes.Count && !fits; i++)
        {
            Apply(state, _writes[i]);
            fits = i + 1 >= _safe && Same(state, found);
        }

        Assert.True(fits, $"no state after write {_safe} to {_writes.Count} is the one that is there");
        _start = found;
        _writes.Clear();
        _safe = 0;
    }

    /// <summary>Asserts that all writes are seen, safe or not.</summary>
    public void AssertSeen(IDocumentStore store)
    {
        var state = new SortedDictionary<string, byte[]>(_start, StringComparer.Ordinal);
        foreach (var write in _writes) Apply(state, write);
        Assert.True(Same(state, StateOf(store)));
    }

    private static void Apply(SortedDictionary<string, byte[]> state, DocumentChange[] changes)
    {
        foreach (var change in changes)
            if (change.Value is { } value) state[$"{change.Collection}/{change.Key}"] = value;
            else state.Remove($"{change.Collection}/{change.Key}");
    }

    private static SortedDictionary<string, byte[]> StateOf(IDocumentStore store)
    {
        var state = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var collection in Collections)
            foreach (var (key, value) in store.List(collection)) state[$"{collection}/{key}"] = value;
        return state;
    }

    private static bool Same(SortedDictionary<string, byte[]> a, SortedDictionary<string, byte[]> b) =>
        a.Count == b.Count && a.Zip(b).All(static pair => pair.First.Key == pair.Second.Key && pair.First.Value.AsSpan().SequenceEqual(pair.Second.Value));
}
