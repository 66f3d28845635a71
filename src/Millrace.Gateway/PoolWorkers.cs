namespace Millrace.Gateway;

/// <summary>The thread pool.</summary>
internal sealed class PoolWorkers : IWorkers
{
    public void Queue(IThreadPoolWorkItem item) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);

    public Task Run(Func<CancellationToken, Task> loop, CancellationToken stop) => Task.Run(() => loop(stop), CancellationToken.None);
}
