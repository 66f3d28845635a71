using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Contracts;
using Millrace.Contracts.Documents;

namespace Millrace.Server;

/// <summary>Documents that the server keeps of what was said at run time.</summary>
internal static class SafeDocuments
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Writes documents and ends when they would survive pulling the plug.</summary>
    /// <param name="documents">The store.</param>
    /// <param name="clock">For the wait.</param>
    /// <param name="what">Begins the sentence that says that it "was not safe on disk" in time.</param>
    /// <param name="changes">Written together.</param>
    /// <exception cref="FaultException">Unavailable: the disk is too slow, or refuses.</exception>
    public static async Task SafelyAsync(this IDocumentStore documents, TimeProvider clock, string what, params DocumentChange[] changes)
    {
        var safe = new Waiter();
        documents.Write(changes, safe);
        try
        {
            await safe.Task.WaitAsync(Patience, clock);
        }
        catch (TimeoutException late)
        {
            throw new FaultException(Fault.Unavailable, $"{what} was not safe on disk within {Patience.TotalSeconds:0} s: the disk is slow or full. Try again", late);
        }
    }

    /// <param name="bytes">A document as it is stored.</param>
    /// <param name="type">What it is.</param>
    /// <param name="what">Begins the sentence that says that it "cannot be read".</param>
    /// <exception cref="FaultException">Corrupt: it is none.</exception>
    public static T Read<T>(byte[] bytes, JsonTypeInfo<T> type, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException wrong)
        {
            throw new FaultException(Fault.Corrupt, $"{what} cannot be read: {wrong.Message}", wrong);
        }
    }

    private sealed class Waiter : IWriteListener
    {
        private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _safe.Task;

        public void Written(long number) => _safe.TrySetResult();
    }
}
