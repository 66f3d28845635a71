using Millrace.Contracts.Log;

namespace Millrace.Tests.Storage.Log;

/// <summary>A listener that remembers what it was told, and by whom.</summary>
internal sealed class Told : ICommitListener
{
    private readonly Lock _gate = new();
    private readonly List<(ILogPartition Partition, long Commit)> _calls = [];
    private readonly List<(ILogPartition Partition, long Commit, TaskCompletionSource Reached)> _waiting = [];

    public IReadOnlyList<(ILogPartition Partition, long Commit)> Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    public long Last(ILogPartition partition) =>
        Calls.LastOrDefault(call => ReferenceEquals(call.Partition, partition)).Commit;

    public Task ReachedAsync(ILogPartition partition, long commit)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_calls.Exists(call => call.Partition == partition && call.Commit >= commit)) return Task.CompletedTask;
            _waiting.Add((partition, commit, reached));
        }

        return reached.Task;
    }

    public void Committed(ILogPartition partition, long commit)
    {
        lock (_gate)
        {
            _calls.Add((partition, commit));
            foreach (var wait in _waiting)
                if (wait.Partition == partition && wait.Commit <= commit) wait.Reached.TrySetResult();
        }
    }
}
