using Millrace.Contracts.Documents;

namespace Millrace.Gateway.Sessions;

/// <summary>For those who wait for a write by awaiting.</summary>
internal sealed class WriteWaiter : IWriteListener
{
    private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private long _written;
    private long _wanted = long.MaxValue;

    /// <param name="write">Writes, and gives the number of the write; 0 for nothing to wait for.</param>
    public static Task WaitAsync(Func<IWriteListener, long> write)
    {
        var waiter = new WriteWaiter();
        var number = write(waiter);
        lock (waiter._gate)
        {
            waiter._wanted = number;
            if (waiter._written >= number) waiter._safe.TrySetResult();
        }

        return waiter._safe.Task;
    }

    public void Written(long number)
    {
        lock (_gate)
        {
            _written = number;
            if (number >= _wanted) _safe.TrySetResult();
        }
    }
}
