using System.Collections.Concurrent;

namespace Millrace.Storage.Series.Query;

/// <summary>Threads that queries compute on, for as long as they take: DuckDB works on its caller's. Made when they are needed, and kept.</summary>
/// <param name="most">Threads at most; what is more waits.</param>
internal sealed class QueryThreads(int most) : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private int _threads;
    private int _idle;

    /// <summary>Runs it on one of the threads.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Volatile.Read(ref _idle) <= _work.Count) Start();
        _work.Add(() =>
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
    public void Dispose() => _work.CompleteAdding();

    private void Start()
    {
        if (Interlocked.Increment(ref _threads) > most)
        {
            Interlocked.Decrement(ref _threads);
            return;
        }

        new Thread(Work) { IsBackground = true, Name = "query" }.Start();
    }

    private void Work()
    {
        Interlocked.Increment(ref _idle);
        foreach (var work in _work.GetConsumingEnumerable())
        {
            Interlocked.Decrement(ref _idle);
            work();
            Interlocked.Increment(ref _idle);
        }
    }
}
