using System.Runtime.InteropServices;
using Millrace.Contracts.Documents;

namespace Millrace.Storage.Documents;

/// <summary>All documents in memory. One thread at a time.</summary>
internal sealed class DocumentMap
{
    private readonly Dictionary<string, Dictionary<string, byte[]>> _collections = [];

    /// <summary>What they would take in a journal that says nothing twice.</summary>
    public long JournalBytes { get; private set; }

    public IReadOnlyCollection<string> Collections => _collections.Keys;

    public byte[]? Find(string collection, string key) =>
        _collections.TryGetValue(collection, out var documents) && documents.TryGetValue(key, out var value) ? value : null;

    /// <summary>In no order.</summary>
    public KeyValuePair<string, byte[]>[] List(string collection) => _collections.TryGetValue(collection, out var documents) ? [.. documents] : [];

    public string[] Keys(string collection) => _collections.TryGetValue(collection, out var documents) ? [.. documents.Keys] : [];

    public void Apply(in DocumentChange change)
    {
        if (change.Value is { } value) Put(change.Collection, change.Key, value);
        else Remove(change.Collection, change.Key);
    }

    private void Put(string collection, string key, byte[] value)
    {
        if (!_collections.TryGetValue(collection, out var documents)) _collections[collection] = documents = [];
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(documents, key, out var replaces);
        JournalBytes += replaces ? value.Length - place!.Length : ChangeBytes.SizeOf(collection, key, value);
        place = value;
    }

    private void Remove(string collection, string key)
    {
        if (!_collections.TryGetValue(collection, out var documents) || !documents.Remove(key, out var old)) return;
        JournalBytes -= ChangeBytes.SizeOf(collection, key, old);
        if (documents.Count == 0) _collections.Remove(collection);
    }
}
