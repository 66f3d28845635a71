namespace Millrace.Storage.Series.Query;

/// <summary>Threads that queries compute on, for as long as they take: DuckDB works on its caller's. Made when they are needed, and kept.</summary>
/// <param name="most">Threads at most; what is more waits.</param>
/// <remarks>An idle thread sleeps at once: one that first spins for a while, as the collections of .NET have it, takes the processor from whoever sends the answer.</remarks>
internal sealed class QueryThreads(int most) : IDisposable
{
    private readonly object _lock = new();
    private readonly Queue<Action> _work = [];
    private int _threads;
    private int _idle;
    private bool _over;

    /// <summary>Runs it on one of the threads.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_over, this);
            _work.Enqueue(() =>
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
            if (_idle >= _work.Count) Monitor.Pulse(_lock);
            else if (_threads < most)
            {
                _threads++;
                new Thread(Work) { IsBackground = true, Name = "query" }.Start();
            }
        }

        return done.Task;
    }

    /// <summary>When nothing runs any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Work()
    {
        while (Take() is { } work) work();
    }

    private Action? Take()
    {
        lock (_lock)
        {
            _idle++;
            while (_work.Count == 0 && !_over) Monitor.Wait(_lock);
            _idle--;
            return _work.TryDequeue(out var work) ? work : null;
        }
    }
}
