namespace Millrace.Storage.Log;

/// <summary>Wakes all who wait for the next event. Costs the sender nothing while nobody waits.</summary>
/// <remarks>Take <see cref="Next"/>, then look whether the thing has happened already, then await: nothing is missed.</remarks>
internal sealed class Signal
{
    private TaskCompletionSource? _next;

    public Task Next
    {
        get
        {
            if (Volatile.Read(ref _next) is { } there) return there.Task;
            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _next, made, null) ?? made).Task;
        }
    }

    public void Send() => Interlocked.Exchange(ref _next, null)?.TrySetResult();
}
