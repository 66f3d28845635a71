using Millrace.Contracts;
using Millrace.Devices.Documents;

namespace Millrace.Devices.Connecting;

/// <summary>Credentials of one kind: their documents, and what is in use of them.</summary>
internal sealed class CredentialCollection<T>(
    PrincipalKind kind, DocumentCollection<T> documents, Principals principals, Func<string, bool> isPolicy, TimeProvider clock)
    where T : CredentialDocument
{
    /// <summary>As many as AWS attaches.</summary>
    private const int MaxPolicies = 10;

    public T? Find(string key) => documents.Find(key);

    public IEnumerable<(string Key, T Document)> List() => documents.List();

    /// <summary>Those that a policy is attached to.</summary>
    public IEnumerable<(string Key, T Document)> Holding(string policy) =>
        documents.List().Where(found => found.Document.Policies.Contains(policy, StringComparer.Ordinal));

    /// <returns>False where there is one with this key already.</returns>
    /// <exception cref="FaultException">Refused: one of its policies does not exist.</exception>
    public async Task<bool> AddAsync(string key, T document, Func<T, bool>? isSame = null)
    {
        DurableWrite write;
        lock (principals.Gate)
        {
            if (documents.Find(key) is not null || (isSame is not null && documents.List().Any(found => isSame(found.Document)))) return false;
            Check(document.Policies);
            write = documents.Put(key, document);
        }

        await write.SafeAsync(clock).ConfigureAwait(false);
        return true;
    }

    /// <param name="key">Of the document.</param>
    /// <param name="change">May throw to refuse.</param>
    /// <param name="ends">Whether connections made with it must end.</param>
    /// <returns>Null where there is none.</returns>
    public async Task<T?> ChangeAsync(string key, Func<T, T> change, bool ends)
    {
        DurableWrite write;
        T changed;
        Principal? ended = null;
        lock (principals.Gate)
        {
            if (documents.Find(key) is not { } document) return null;
            changed = change(document);
            if (ReferenceEquals(changed, document)) return document;
            write = documents.Put(key, changed);
            if (ends) ended = principals.Forget(kind, key);
            else principals.Change(kind, key, AttachmentsOf(changed));
        }

        if (ended is not null) await ended.RevokeAsync().ConfigureAwait(false);
        await write.SafeAsync(clock).ConfigureAwait(false);
        return changed;
    }

    /// <param name="key">Of the document.</param>
    /// <param name="check">May throw to refuse.</param>
    /// <returns>False where there is none.</returns>
    public async Task<bool> RemoveAsync(string key, Action<T>? check = null)
    {
        DurableWrite write;
        Principal? ended;
        lock (principals.Gate)
        {
            if (documents.Find(key) is not { } document) return false;
            check?.Invoke(document);
            write = documents.Remove(key);
            ended = principals.Forget(kind, key);
        }

        if (ended is not null) await ended.RevokeAsync().ConfigureAwait(false);
        await write.SafeAsync(clock).ConfigureAwait(false);
        return true;
    }

    /// <summary>Attached twice is attached.</summary>
    public Task<T?> AttachAsync(string key, string policy) => ChangeAsync(
        key,
        document =>
        {
            if (document.Policies.Contains(policy, StringComparer.Ordinal)) return document;
            string[] policies = [.. document.Policies, policy];
            Check(policies);
            return (T)(document with { Policies = policies });
        },
        ends: false);

    public Task<T?> DetachAsync(string key, string policy) => ChangeAsync(
        key,
        document => document.Policies.Contains(policy, StringComparer.Ordinal)
            ? (T)(document with { Policies = [.. document.Policies.Where(name => name != policy)] })
            : throw new FaultException(Fault.Refused, $"the policy {policy} is not attached"),
        ends: false);

    public Principal? Principal(string key, Func<string, T, Principal?> make) =>
        principals.Find(kind, key, found => documents.Find(found) is { } document ? make(found, document) : null);

    public static Attachments AttachmentsOf(T document) =>
        new(document.Policies, document is CertificateDocument certificate ? certificate.Things : []);

    private void Check(IReadOnlyList<string> policies)
    {
        foreach (var name in policies)
            if (!isPolicy(Names.Check("policy", name))) throw new FaultException(Fault.Refused, $"there is no policy {name}");
        if (policies.Distinct(StringComparer.Ordinal).Count() < policies.Count) throw new FaultException(Fault.Refused, "a policy is named twice");
        if (policies.Count > MaxPolicies)
            throw new FaultException(Fault.Refused, $"at most {MaxPolicies} policies can be attached; put more statements into one");
    }
}
