namespace Millrace.Contracts.Documents;

/// <summary>Small durable state: values by collection and key, all of them in memory, every change journaled.</summary>
/// <remarks>Any thread may call. Collections come into being with their first document. What a value means is its owner's business.</remarks>
public interface IDocumentStore
{
    /// <returns>The value as of the last change, durable or not; null where there is none. Not to be written to.</returns>
    byte[]? Find(string collection, string key);

    /// <summary>All documents of a collection at this moment, in ordinal order of their keys.</summary>
    IReadOnlyList<KeyValuePair<string, byte[]>> List(string collection);

    /// <summary>Makes changes, in order. Readers see them at once; after a crash all of them are there or none, and none without those written before.</summary>
    /// <param name="changes">The store keeps the arrays: they are not to be written to any more.</param>
    /// <param name="listener">Told once when they are safe; null to ask for nothing.</param>
    /// <returns>The number of the write, from 1.</returns>
    /// <exception cref="FaultException">Unavailable: closed, or the disk refuses and too much waits for it. Refused: a key or value beyond the limits. Then nothing has changed.</exception>
    long Write(ReadOnlySpan<DocumentChange> changes, IWriteListener? listener);
}
