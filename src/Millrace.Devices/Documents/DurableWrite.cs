using Millrace.Contracts;
using Millrace.Contracts.Documents;

namespace Millrace.Devices.Documents;

/// <summary>One write that somebody waits for.</summary>
internal sealed class DurableWrite : IWriteListener
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DurableWrite()
    {
    }

    public static DurableWrite Begin(IDocumentStore store, DocumentChange change)
    {
        var write = new DurableWrite();
        store.Write([change], write);
        return write;
    }

    /// <summary>Ends when it would survive pulling the plug.</summary>
    /// <exception cref="FaultException">Unavailable: the disk is too slow or refuses.</exception>
    public async Task SafeAsync(TimeProvider clock)
    {
        try
        {
            await _safe.Task.WaitAsync(Patience, clock).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new FaultException(
                Fault.Unavailable, $"the change holds and was not safe on disk within {Patience.TotalSeconds:0} s: the disk is slow or full", late);
        }
    }

    public void Written(long number) => _safe.TrySetResult();
}
