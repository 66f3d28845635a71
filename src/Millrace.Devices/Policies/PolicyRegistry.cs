using Millrace.Contracts;
using Millrace.Devices.Documents;

namespace Millrace.Devices.Policies;

/// <summary>The policies there are. Any thread may call.</summary>
/// <remarks>A change holds for the next question of every connection, before it is safe on disk; the call ends when it is.</remarks>
public sealed class PolicyRegistry
{
    private const int MaxPolicies = 10_000;

    private readonly DocumentCollection<PolicyDocumentRecord> _documents;
    private readonly Lock _gate;
    private readonly TimeProvider _clock;
    private PolicySnapshot _snapshot;

    internal PolicyRegistry(DocumentCollection<PolicyDocumentRecord> documents, Lock gate, TimeProvider clock)
    {
        (_documents, _gate, _clock) = (documents, gate, clock);
        _snapshot = new PolicySnapshot(Read);
    }

    /// <summary>To whom a policy is attached, in words; set by the registry of all.</summary>
    internal Func<string, IEnumerable<string>> Holders { get; set; } = static _ => [];

    internal PolicySnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <exception cref="FaultException">Corrupt: the stored one cannot be read.</exception>
    public Policy? Find(string name) =>
        _documents.Find(name) is { } record ? new Policy(name, PolicyDocument.Parse(name, record.Text), false, record.Changed)
        : BuiltInPolicies.Texts.TryGetValue(name, out var text) ? new Policy(name, PolicyDocument.Parse(name, text), true, null)
        : null;

    /// <summary>By name, those that come with the server among them.</summary>
    public IReadOnlyList<Policy> List() =>
        [.. _documents.List().Select(static found => found.Key).Union(BuiltInPolicies.Texts.Keys).Order(StringComparer.Ordinal).Select(name => Find(name)!)];

    /// <summary>Writes a policy, or writes it anew.</summary>
    /// <returns>Whether it is new.</returns>
    /// <exception cref="FaultException">Refused: the name is none, or there are too many.</exception>
    public async Task<bool> PutAsync(string name, PolicyDocument document)
    {
        Names.Check("policy", name);
        DurableWrite write;
        bool isNew;
        lock (_gate)
        {
            var (now, before) = (_clock.GetUtcNow(), _documents.Find(name));
            isNew = before is null;
            if (isNew && _documents.List().Count() >= MaxPolicies)
                throw new FaultException(Fault.Refused, $"there are {MaxPolicies} policies, and no more can be kept");
            write = _documents.Put(name, new PolicyDocumentRecord { Text = document.Text, Created = before?.Created ?? now, Changed = now });
            Volatile.Write(ref _snapshot, new PolicySnapshot(Read));
        }

        await write.SafeAsync(_clock).ConfigureAwait(false);
        return isNew;
    }

    /// <summary>Where it took the place of a built-in one, that one is back.</summary>
    /// <returns>False where there is none.</returns>
    /// <exception cref="FaultException">Refused: it is attached, or comes with the server.</exception>
    public async Task<bool> RemoveAsync(string name)
    {
        DurableWrite write;
        lock (_gate)
        {
            var isBuiltIn = BuiltInPolicies.Texts.ContainsKey(name);
            if (_documents.Find(name) is null)
                return isBuiltIn ? throw new FaultException(Fault.Refused, $"the policy {name} comes with the server and cannot be removed") : false;
            if (!isBuiltIn && Holders(name).Take(4).ToArray() is { Length: > 0 } holders)
            {
                var others = holders.Length > 3 ? " and others" : "";
                throw new FaultException(Fault.Refused, $"the policy {name} is attached to {string.Join(", ", holders.Take(3))}{others}; detach it first");
            }

            write = _documents.Remove(name);
            Volatile.Write(ref _snapshot, new PolicySnapshot(Read));
        }

        await write.SafeAsync(_clock).ConfigureAwait(false);
        return true;
    }

    internal bool Exists(string name) => BuiltInPolicies.Texts.ContainsKey(name) || _documents.Find(name) is not null;

    private PolicyDocument? Read(string name) => Find(name)?.Document;
}
