using Millrace.Flows.Options;

namespace Millrace.Server.Rules;

/// <summary>The collections of documents that the pipeline declares, for flows that write to them. Any thread may call.</summary>
internal sealed class CollectionSet
{
    private volatile Dictionary<string, CollectionOptions> _declared = [];

    public CollectionOptions? Find(string name) => _declared.GetValueOrDefault(name);

    public void Declare(IEnumerable<CollectionOptions> collections) =>
        _declared = collections.ToDictionary(static collection => collection.Name, StringComparer.Ordinal);
}
