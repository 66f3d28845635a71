using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Documents;

namespace Millrace.Server.Rules;

/// <summary>The rules that were put at run time, kept as documents.</summary>
internal sealed class RuleStore(IDocumentStore documents, TimeProvider clock)
{
    private const string Collection = "rules";

    public StoredRule? Find(string name) => documents.Find(Collection, name) is { } bytes ? Read(name, bytes) : null;

    /// <summary>In ordinal order of their names.</summary>
    public IReadOnlyList<(string Name, StoredRule Rule)> List() => [.. documents.List(Collection).Select(static found => (found.Key, Read(found.Key, found.Value)))];

    /// <summary>Ends when it would survive pulling the plug.</summary>
    /// <exception cref="FaultException">Unavailable: the disk is too slow or refuses.</exception>
    public Task PutAsync(string name, ReadOnlyMemory<byte> json)
    {
        var rule = new StoredRule(JsonSerializer.Deserialize(json.Span, RuleJson.Default.JsonElement), clock.GetUtcNow());
        return WriteAsync(new DocumentChange(Collection, name, JsonSerializer.SerializeToUtf8Bytes(rule, RuleJson.Default.StoredRule)));
    }

    /// <summary>As <see cref="PutAsync"/>.</summary>
    public Task RemoveAsync(string name) => WriteAsync(new DocumentChange(Collection, name, null));

    private Task WriteAsync(DocumentChange change) => documents.SafelyAsync(clock, "the rule runs so from now on, and", change);

    private static StoredRule Read(string name, byte[] bytes) => SafeDocuments.Read(bytes, RuleJson.Default.StoredRule, $"the stored rule {name}");
}
