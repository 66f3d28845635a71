using System.Collections.Concurrent;
using Millrace.Contracts;
using Millrace.Devices.Connecting;

namespace Millrace.Devices.Policies;

/// <summary>All policies at one moment, compiled when first asked for. Another object as soon as one of them changes.</summary>
internal sealed class PolicySnapshot(Func<string, PolicyDocument?> read)
{
    private readonly ConcurrentDictionary<string, PolicyDocument?> _documents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Ruling?> _common = new(StringComparer.Ordinal);

    /// <summary>The policies that are attached.</summary>
    /// <exception cref="FaultException">Corrupt: a stored one cannot be read.</exception>
    public IReadOnlyList<(string Name, PolicyDocument Document)> Of(Attachments attachments) =>
        [.. from name in attachments.Policies let document = _documents.GetOrAdd(name, read) where document is not null select (name, document)];

    /// <summary>What they come to for a connection; the same object for all where they say the same to all.</summary>
    public Ruling RulingFor(Attachments attachments, Func<RequestContext> context)
    {
        PolicyDocument[] Documents() => [.. Of(attachments).Select(static policy => policy.Document)];
        return _common.GetOrAdd(attachments.Key, _ => Ruling.ForAll(Documents())) ?? Ruling.For(Documents(), context());
    }
}
