using Millrace.Gateway;

namespace Millrace.Tests.Gateway.Model;

/// <summary>The broker's own work, done one piece at a time and on the caller's thread.</summary>
internal sealed class SteppedWorkers : IWorkers
{
    private readonly Queue<IThreadPoolWorkItem> _items = new();
    private readonly Lock _gate = new();

    public void Queue(IThreadPoolWorkItem item)
    {
        lock (_gate) _items.Enqueue(item);
    }

    /// <summary>The loops are the dispatcher's: <see cref="Dispatch"/> does their work.</summary>
    public Task Run(Func<CancellationToken, Task> loop, CancellationToken stop) => Task.CompletedTask;

    /// <returns>False where there was nothing to do.</returns>
    public bool RunOne()
    {
        IThreadPoolWorkItem? item;
        lock (_gate)
            if (!_items.TryDequeue(out item)) return false;
        item.Execute();
        return true;
    }

    /// <returns>False where nothing new was committed.</returns>
    public static bool Dispatch(Broker broker)
    {
        var any = false;
        foreach (var partition in broker.Ingress.Partitions) any |= broker.Dispatcher.DispatchNext(partition.Index);
        return any;
    }

    /// <summary>What was to be done is never done: its process is gone.</summary>
    public void Clear()
    {
        lock (_gate) _items.Clear();
    }

    /// <summary>Does all there is to do.</summary>
    public void RunAll(Broker broker)
    {
        while (RunOne() || Dispatch(broker))
        {
        }
    }
}
