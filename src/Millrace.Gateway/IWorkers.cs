namespace Millrace.Gateway;

/// <summary>Where the broker's own work runs, apart from connections.</summary>
internal interface IWorkers
{
    /// <summary>Runs it soon, once, on any thread but not before the caller returns.</summary>
    void Queue(IThreadPoolWorkItem item);

    /// <summary>Runs a loop until it is stopped.</summary>
    Task Run(Func<CancellationToken, Task> loop, CancellationToken stop);
}
