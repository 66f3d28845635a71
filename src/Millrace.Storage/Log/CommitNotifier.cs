using Microsoft.Extensions.Logging;

namespace Millrace.Storage.Log;

/// <summary>
/// Tells listeners on a pool thread, while the commit thread is at its next round. One work item at a time drains the queue, so that
/// calls keep the order of commits and never overlap.
/// </summary>
internal sealed class CommitNotifier(ILogger logger) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<Notice> _notices = new();
    private readonly Stack<ListenerSet> _spare = new();
    private readonly Signal _idle = new();
    private bool _running;

    /// <summary>Takes a set of listeners and gives an empty one for it. They are told after <see cref="Send"/>.</summary>
    public ListenerSet Add(LogPartition partition, long commit, ListenerSet listeners)
    {
        lock (_gate)
        {
            _notices.Enqueue(new Notice(partition, commit, listeners));
            return _spare.TryPop(out var spare) ? spare : new ListenerSet();
        }
    }

    public void Send()
    {
        lock (_gate)
        {
            if (_running || _notices.Count == 0) return;
            _running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Ends when all who were to be told have been told.</summary>
    public async Task DrainedAsync()
    {
        while (true)
        {
            var idle = _idle.Next;
            lock (_gate)
                if (!_running) return;
            await idle.ConfigureAwait(false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            Notice notice;
            lock (_gate)
            {
                if (!_notices.TryDequeue(out notice))
                {
                    _running = false;
                    break;
                }
            }

            Tell(notice);
            notice.Listeners.Clear();
            lock (_gate) _spare.Push(notice.Listeners);
        }

        _idle.Send();
    }

    private void Tell(Notice notice)
    {
        foreach (var listener in notice.Listeners)
        {
            try
            {
                listener.Committed(notice.Partition, notice.Commit);
            }
#pragma warning disable CA1031 // One broken session must not keep the others waiting for their acknowledgement.
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.ListenerThrew(listener.GetType().FullName, e);
            }
        }
    }

    private readonly record struct Notice(LogPartition Partition, long Commit, ListenerSet Listeners);
}
