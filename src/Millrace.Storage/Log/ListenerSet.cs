using Millrace.Contracts.Log;

namespace Millrace.Storage.Log;

/// <summary>Who is to be told of one commit: each once, in the order in which they first asked.</summary>
internal sealed class ListenerSet
{
    private readonly HashSet<ICommitListener> _listeners = new(ReferenceEqualityComparer.Instance);
    private ICommitListener? _last;

    public int Count => _listeners.Count;

    public void Add(ICommitListener listener)
    {
        // A session appends all that arrived with one read, one record after the other.
        if (ReferenceEquals(listener, _last)) return;
        _last = listener;
        _listeners.Add(listener);
    }

    public HashSet<ICommitListener>.Enumerator GetEnumerator() => _listeners.GetEnumerator();

    public void Clear()
    {
        _last = null;
        _listeners.Clear();
    }
}
