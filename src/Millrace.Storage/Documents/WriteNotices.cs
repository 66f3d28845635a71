using Microsoft.Extensions.Logging;
using Millrace.Contracts.Documents;

namespace Millrace.Storage.Documents;

/// <summary>Who is to be told of a commit: each once, of the last write it waits for, in the order of writes. Writer thread only.</summary>
internal sealed class WriteNotices(ILogger logger)
{
    private const int KeptCapacity = 16 * 1024;

    private readonly List<(IWriteListener? Listener, long Number)> _notices = [];
    private readonly HashSet<IWriteListener> _seen = new(ReferenceEqualityComparer.Instance);

    public void Add(List<(IWriteListener Listener, long Number)> listeners)
    {
        foreach (var (listener, number) in listeners) _notices.Add((listener, number));
    }

    public void Tell()
    {
        for (var i = _notices.Count - 1; i >= 0; i--)
            if (!_seen.Add(_notices[i].Listener!)) _notices[i] = default;
        _seen.Clear();
        foreach (var (listener, number) in _notices)
            if (listener is not null) Tell(listener, number);
        _notices.Clear();
        if (_notices.Capacity <= KeptCapacity) return;
        _notices.Capacity = 0;
        _seen.TrimExcess();
    }

    private void Tell(IWriteListener listener, long number)
    {
        try
        {
            listener.Written(number);
        }
#pragma warning disable CA1031 // One broken session must not keep the others waiting for their acknowledgement.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.ListenerThrew(listener.GetType().FullName, e);
        }
    }
}
