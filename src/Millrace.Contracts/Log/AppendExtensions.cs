using Millrace.Contracts.Records;

namespace Millrace.Contracts.Log;

/// <summary>Appending for those who wait by awaiting: HTTP requests and flows, not the gateway's connections.</summary>
public static class AppendExtensions
{
    /// <summary>Appends for those who do not care where the record will stand.</summary>
    /// <inheritdoc cref="ILogPartition.TryAppend"/>
    public static long TryAppend(this ILogPartition partition, in Record record, ICommitListener? listener) => partition.TryAppend(record, listener, out _);

    /// <summary>Appends all records of a batch and ends when the last of them is safe.</summary>
    /// <param name="partition">Where to.</param>
    /// <param name="batch">The records.</param>
    /// <param name="refused">Told the record and the reason where the log will not have it; the others are appended all the same.</param>
    /// <param name="stop">Ends the wait, not the promise.</param>
    public static ValueTask AppendAsync(this ILogPartition partition, RecordBatch batch, Action<int, string> refused, CancellationToken stop) =>
        partition.AppendAsync(batch, refused, static (_, _) => { }, stop);

    /// <summary>Appends all records of a batch and ends when the last of them is safe.</summary>
    /// <param name="partition">Where to.</param>
    /// <param name="batch">The records.</param>
    /// <param name="refused">Told the record and the reason where the log will not have it; the others are appended all the same.</param>
    /// <param name="placed">Told the record and where it will stand, before it is safe.</param>
    /// <param name="stop">Ends the wait, not the promise.</param>
    public static async ValueTask AppendAsync(
        this ILogPartition partition, RecordBatch batch, Action<int, string> refused, Action<int, long> placed, CancellationToken stop)
    {
        var waiter = new Waiter();
        var last = 0L;
        for (var i = 0; i < batch.Count;)
        {
            long commit;
            long offset;
            try
            {
                commit = partition.TryAppend(batch[i], waiter, out offset);
            }
            catch (FaultException wrong) when (wrong.Fault == Fault.Refused)
            {
                refused(i++, wrong.Message);
                continue;
            }

            if (commit == 0)
            {
                await partition.WaitForRoomAsync(stop).ConfigureAwait(false);
                continue;
            }

            last = commit;
            placed(i++, offset);
        }

        if (last > 0) await waiter.ReachedAsync(last, stop).ConfigureAwait(false);
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
