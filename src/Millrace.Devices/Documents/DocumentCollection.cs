using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Contracts;
using Millrace.Contracts.Documents;

namespace Millrace.Devices.Documents;

/// <summary>Documents of one kind.</summary>
internal sealed class DocumentCollection<T>(IDocumentStore store, string name, JsonTypeInfo<T> type)
    where T : class
{
    public T? Find(string key) => store.Find(name, key) is { } bytes ? Read(key, bytes) : null;

    /// <summary>In ordinal order of their keys.</summary>
    public IEnumerable<(string Key, T Document)> List() => store.List(name).Select(found => (found.Key, Read(found.Key, found.Value)));

    public DurableWrite Put(string key, T document) =>
        DurableWrite.Begin(store, new DocumentChange(name, key, JsonSerializer.SerializeToUtf8Bytes(document, type)));

    public DurableWrite Remove(string key) => DurableWrite.Begin(store, new DocumentChange(name, key, null));

    private T Read(string key, byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException wrong)
        {
            throw new FaultException(Fault.Corrupt, $"the stored document {name}/{key} cannot be read: {wrong.Message}", wrong);
        }
    }
}
