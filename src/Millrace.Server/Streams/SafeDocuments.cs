using Millrace.Contracts;
using Millrace.Contracts.Documents;

namespace Millrace.Server.Streams;

/// <summary>Writes documents and ends when they would survive pulling the plug.</summary>
internal static class SafeDocuments
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="FaultException">Unavailable: the disk is too slow, or refuses.</exception>
    public static async Task SafelyAsync(this IDocumentStore documents, TimeProvider clock, params DocumentChange[] changes)
    {
        var safe = new Waiter();
        documents.Write(changes, safe);
        try
        {
            await safe.Task.WaitAsync(Patience, clock);
        }
        catch (TimeoutException late)
        {
            throw new FaultException(Fault.Unavailable, $"it counts from now on, and was not safe on disk within {Patience.TotalSeconds:0} s: the disk is slow or full. Try again", late);
        }
    }

    private sealed class Waiter : IWriteListener
    {
        private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _safe.Task;

        public void Written(long number) => _safe.TrySetResult();
    }
}
