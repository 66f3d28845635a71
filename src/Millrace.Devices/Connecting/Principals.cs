using System.Collections.Concurrent;

namespace Millrace.Devices.Connecting;

/// <summary>Credentials in use, each once. Only what was shown since the start is here; the documents have the rest.</summary>
/// <remarks>All changes to credentials are made under <see cref="Gate"/>, so that a principal never shows what its document no longer says.</remarks>
internal sealed class Principals
{
    private readonly ConcurrentDictionary<(PrincipalKind Kind, string Key), Principal> _live = new();

    public Lock Gate { get; } = new();

    /// <param name="kind">Of the credential.</param>
    /// <param name="key">Of its document.</param>
    /// <param name="make">Reads the document; null where there is none.</param>
    public Principal? Find(PrincipalKind kind, string key, Func<string, Principal?> make)
    {
        if (_live.TryGetValue((kind, key), out var live) && !live.Revoked.IsCancellationRequested) return live;
        lock (Gate)
        {
            if (_live.TryGetValue((kind, key), out live) && !live.Revoked.IsCancellationRequested) return live;
            if (make(key) is not { } made) return null;
            _live[(kind, key)] = made;
            return made;
        }
    }

    /// <summary>Its connections see the change with their next question. Under the gate.</summary>
    public void Change(PrincipalKind kind, string key, Attachments attachments)
    {
        if (_live.TryGetValue((kind, key), out var live)) live.Attachments = attachments;
    }

    /// <summary>Under the gate.</summary>
    /// <returns>To be revoked after the gate; null where it was not in use.</returns>
    public Principal? Forget(PrincipalKind kind, string key) => _live.TryRemove((kind, key), out var live) ? live : null;
}
