using System.Buffers.Binary;
using System.Security.Cryptography;
using Millrace.Contracts.Documents;

namespace Millrace.Flows.Sinks;

/// <summary>Numbers by which records in streams are known as those of one lane.</summary>
/// <remarks>
/// Each is drawn by lot when the lane first writes and is kept here: a flow that is removed and added anew never takes the records of another that had the
/// same name for its own. Any thread may call.
/// </remarks>
public sealed class StreamOrigins(IDocumentStore documents)
{
    private const string Collection = "stream-origins";

    private readonly Lock _gate = new();

    /// <summary>The number of a lane's partition, safe when the task ends; and whether it was drawn now, so that no stream can hold a record of it.</summary>
    /// <param name="lane">As its checkpoint is kept under: <c>alarms:stream/0</c>.</param>
    public async ValueTask<(long Id, bool IsNew)> OfAsync(string lane)
    {
        if (documents.Find(Collection, lane) is { Length: sizeof(long) } known) return (BinaryPrimitives.ReadInt64LittleEndian(known), false);
        var drawn = RandomNumberGenerator.GetBytes(sizeof(long));
        var safe = new Safe();
        lock (_gate) documents.Write([new DocumentChange(Collection, lane, drawn)], safe);
        await safe.Task.ConfigureAwait(false);
        return (BinaryPrimitives.ReadInt64LittleEndian(drawn), true);
    }

    /// <summary>The lane was removed.</summary>
    public void Forget(string lane)
    {
        lock (_gate)
        {
            if (documents.Find(Collection, lane) is not null) documents.Write([new DocumentChange(Collection, lane, null)], null);
        }
    }

    private sealed class Safe : IWriteListener
    {
        private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _safe.Task;

        public void Written(long number) => _safe.TrySetResult();
    }
}
