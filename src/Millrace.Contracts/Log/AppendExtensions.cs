using Millrace.Contracts.Records;

namespace Millrace.Contracts.Log;

/// <summary>Appending for those who wait by awaiting: HTTP requests and flows, not the gateway's sessions.</summary>
public static class AppendExtensions
{
    /// <summary>Appends all records of a batch and ends when the last of them is safe.</summary>
    public static async ValueTask AppendAsync(this ILogPartition partition, RecordBatch batch, CancellationToken stop)
    {
        if (batch.Count == 0) return;
        var waiter = new Waiter();
        var last = 0L;
        for (var i = 0; i < batch.Count;)
        {
            var commit = partition.TryAppend(batch[i], waiter);
            if (commit == 0)
            {
                await partition.WaitForRoomAsync(stop).ConfigureAwait(false);
                continue;
            }

            last = commit;
            i++;
        }

        await waiter.ReachedAsync(last, stop).ConfigureAwait(false);
    }

    private sealed class Waiter : ICommitListener
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private long _committed;
        private long _wanted = long.MaxValue;

        public Task ReachedAsync(long commit, CancellationToken stop)
        {
            lock (_gate)
            {
                _wanted = commit;
                if (_committed >= commit) _done.TrySetResult();
            }

            return _done.Task.WaitAsync(stop);
        }

        public void Committed(ILogPartition partition, long commit)
        {
            lock (_gate)
            {
                _committed = commit;
                if (_committed >= _wanted) _done.TrySetResult();
            }
        }
    }
}
