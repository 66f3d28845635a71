using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Documents;

namespace Millrace.Server.Rules;

/// <summary>The rules that were put at run time, kept as documents.</summary>
internal sealed class RuleStore(IDocumentStore documents, TimeProvider clock)
{
    private const string Collection = "rules";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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

    private async Task WriteAsync(DocumentChange change)
    {
        var safe = new Waiter();
        documents.Write([change], safe);
        try
        {
            await safe.Task.WaitAsync(Patience, clock);
        }
        catch (TimeoutException late)
        {
            throw new FaultException(
                Fault.Unavailable, $"the rule runs so from now on, and was not safe on disk within {Patience.TotalSeconds:0} s: the disk is slow or full. Try again", late);
        }
    }

    private static StoredRule Read(string name, byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, RuleJson.Default.StoredRule) ?? throw new JsonException("it is null");
        }
        catch (JsonException wrong)
        {
            throw new FaultException(Fault.Corrupt, $"the stored rule {name} cannot be read: {wrong.Message}", wrong);
        }
    }

    private sealed class Waiter : IWriteListener
    {
        private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _safe.Task;

        public void Written(long number) => _safe.TrySetResult();
    }
}
