namespace Millrace.Contracts.Objects;

/// <summary>Objects by key, as S3 keeps them in a bucket: put whole, replaced whole, never changed. Any thread may call.</summary>
/// <remarks>Every member throws <see cref="FaultException"/>: Unavailable where it may work later, Refused where it will not (no such bucket, no right to it).</remarks>
public interface IObjectBucket
{
    /// <summary>For messages: <c>s3://bucket</c>.</summary>
    string Name { get; }

    /// <summary>Safe when it ends; replaces an object of that key.</summary>
    /// <param name="key">UTF-8, at most 1,024 bytes.</param>
    /// <param name="content">Read from its position to its end; seekable, because a failing request is tried again. The caller's to dispose.</param>
    /// <param name="stop">Ends it early; whether the object is there is not known then.</param>
    Task PutAsync(string key, Stream content, CancellationToken stop);

    /// <summary>Copies the object into a stream.</summary>
    /// <returns>False where there is none of that key.</returns>
    Task<bool> TryGetAsync(string key, Stream into, CancellationToken stop);

    /// <summary>Keys that begin with a prefix, and the sizes of their objects in bytes, in ordinal order.</summary>
    IAsyncEnumerable<(string Key, long Bytes)> ListAsync(string prefix, CancellationToken stop);

    /// <summary>One that is not there is no matter.</summary>
    Task DeleteAsync(string key, CancellationToken stop);
}
