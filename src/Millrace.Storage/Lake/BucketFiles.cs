using Millrace.Contracts;
using Millrace.Contracts.Objects;

namespace Millrace.Storage.Lake;

/// <summary>Files of the lake as objects of a bucket.</summary>
internal sealed class BucketFiles(IObjectBucket bucket) : ILakeFiles
{
    public ValueTask<IReadOnlyList<(string Name, long Bytes)>> ListAsync(string directory, string prefix, CancellationToken stop) => TryAsync<IReadOnlyList<(string, long)>>(async () =>
    {
        var found = new List<(string, long)>();
        await foreach (var (key, bytes) in bucket.ListAsync($"{directory}/{prefix}", stop).ConfigureAwait(false))
            if (key.IndexOf('/', directory.Length + 1) < 0) found.Add((key[(directory.Length + 1)..], bytes));
        return found;
    });

    public ValueTask<ChunkStream?> ReadAsync(string path, CancellationToken stop) => TryAsync(async () =>
    {
        var content = new ChunkStream();
        if (await bucket.TryGetAsync(path, content, stop).ConfigureAwait(false)) return content;
        await content.DisposeAsync().ConfigureAwait(false);
        return null;
    });

    public async ValueTask PutAsync(string path, ChunkStream content, CancellationToken stop) => await TryAsync(async () =>
    {
        content.Position = 0;
        await bucket.PutAsync(path, content, stop).ConfigureAwait(false);
        return 0;
    }).ConfigureAwait(false);

    public async ValueTask DeleteAsync(string directory, IReadOnlyList<string> names, CancellationToken stop) => await TryAsync(async () =>
    {
        foreach (var name in names) await bucket.DeleteAsync($"{directory}/{name}", stop).ConfigureAwait(false);
        return 0;
    }).ConfigureAwait(false);

    // A bucket that refuses a file does not refuse its records: they wait until a person has put it right.
    private static async ValueTask<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (FaultException refused) when (refused.Fault != Fault.Unavailable)
        {
            throw new FaultException(Fault.Unavailable, refused.Message, refused);
        }
    }
}
