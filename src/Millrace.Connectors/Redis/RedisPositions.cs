using System.Security.Cryptography;
using System.Text;
using Millrace.Contracts.Documents;

namespace Millrace.Connectors.Redis;

/// <summary>Names the keys under which Redis keeps how far lanes are.</summary>
/// <remarks>
/// A part of each is drawn by lot when the lane begins and kept here: a flow that is removed and added anew, or a server with a new data directory, never
/// takes the place of another that had the same name. Any thread may call.
/// </remarks>
public sealed class RedisPositions(IDocumentStore documents)
{
    private const string Collection = "redis-positions";
    private const int IdBytes = 8;

    private readonly Lock _gate = new();

    /// <summary>The key of a lane's partition, as <c>millrace:position:dtc-stop/0:5f0c…</c>; safe when the task ends.</summary>
    public async ValueTask<string> KeyOfAsync(string lane)
    {
        if (documents.Find(Collection, lane) is not { } id) id = await BeginAsync(lane).ConfigureAwait(false);
        return $"millrace:position:{lane}:{Encoding.ASCII.GetString(id)}";
    }

    /// <summary>The lane was removed. What Redis keeps of it stays there, and is never read again.</summary>
    public void Forget(string lane)
    {
        lock (_gate)
        {
            if (documents.Find(Collection, lane) is not null) documents.Write([new DocumentChange(Collection, lane, null)], null);
        }
    }

    /// <summary>A key that a crash forgot would take what was carried out under it out of sight: so it is safe before it is used.</summary>
    private async Task<byte[]> BeginAsync(string lane)
    {
        var id = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)));
        var safe = new Safe();
        lock (_gate) documents.Write([new DocumentChange(Collection, lane, id)], safe);
        await safe.Task.ConfigureAwait(false);
        return id;
    }

    private sealed class Safe : IWriteListener
    {
        private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _safe.Task;

        public void Written(long number) => _safe.TrySetResult();
    }
}
