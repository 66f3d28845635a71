namespace Millrace.Storage.Series.Query;

/// <summary>Threads that queries compute on, for as long as they take: DuckDB works on its caller's. Made when they are needed, and kept.</summary>
/// <param name="most">Threads at most; what is more waits.</param>
/// <remarks>
/// An idle thread sleeps at once: one that first spins for a while, as the collections of .NET have it, takes the processor from whoever sends the answer. The one
/// that fell asleep last is woken first: what it had in its caches is still there.
/// </remarks>
internal sealed class QueryThreads(int most) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _waiting = [];
    private readonly Stack<Worker> _idle = [];
    private int _threads;
    private bool _over;

    /// <summary>Runs it on one of the threads.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Give(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception failed)
            {
                done.SetException(failed);
            }
        });
        return done.Task;
    }

    /// <summary>When nothing runs any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
            while (_idle.TryPop(out var idle)) idle.Wake(null);
        }
    }

    private void Give(Action work)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_over, this);
            if (_idle.TryPop(out var idle)) idle.Wake(work);
            else if (_threads == most) _waiting.Enqueue(work);
            else
            {
                _threads++;
                new Thread(() => Run(work)) { IsBackground = true, Name = "query" }.Start();
            }
        }
    }

    private void Run(Action first)
    {
        var self = new Worker();
        for (var next = first; next is not null; next = Next(self)) next();
    }

    /// <returns>Null when it is over.</returns>
    private Action? Next(Worker self)
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out var waiting)) return waiting;
            if (_over) return null;
            _idle.Push(self);
        }

        return self.Wait();
    }

    /// <summary>A thread that has nothing to do.</summary>
    private sealed class Worker
    {
        private readonly object _lock = new();
        private Action? _next;
        private bool _woken;

        public void Wake(Action? next)
        {
            lock (_lock)
            {
                (_next, _woken) = (next, true);
                Monitor.Pulse(_lock);
            }
        }

        public Action? Wait()
        {
            lock (_lock)
            {
                while (!_woken) Monitor.Wait(_lock);
                _woken = false;
                return _next;
            }
        }
    }
}
