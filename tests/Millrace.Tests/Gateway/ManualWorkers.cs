using Millrace.Gateway;

namespace Millrace.Tests.Gateway;

/// <summary>The broker's own work is done when the test says so, on the test's thread.</summary>
internal sealed class ManualWorkers : IWorkers
{
    private readonly Lock _gate = new();
    private readonly Queue<IThreadPoolWorkItem> _items = new();

    public void Queue(IThreadPoolWorkItem item)
    {
        lock (_gate) _items.Enqueue(item);
    }

    public Task Run(Func<CancellationToken, Task> loop, CancellationToken stop) => Task.CompletedTask;

    /// <summary>Does all there is to do.</summary>
    public void Settle(Broker broker)
    {
        bool any;
        do
        {
            any = false;
            foreach (var partition in broker.Ingress.Partitions)
                while (broker.Dispatcher.DispatchNext(partition.Index)) any = true;
            while (Next() is { } item)
            {
                item.Execute();
                any = true;
            }
        }
        while (any);
    }

    /// <summary>What was to be done is not done any more.</summary>
    public void Clear()
    {
        lock (_gate) _items.Clear();
    }

    private IThreadPoolWorkItem? Next()
    {
        lock (_gate) return _items.TryDequeue(out var item) ? item : null;
    }
}
