using Millrace.Contracts.Records;
using Millrace.Flows.Options;

namespace Millrace.Flows.Sinks;

/// <summary>Makes a document of a record. One for each sink: it keeps scratch memory.</summary>
internal interface IDocumentMaker
{
    /// <param name="batch">Holds the record.</param>
    /// <param name="index">Of the record.</param>
    /// <param name="collection">Says what its key is.</param>
    /// <param name="key">What the document is kept under.</param>
    /// <param name="document">JSON; null: the document is to be removed.</param>
    /// <returns>What is wrong with the record; null where nothing is.</returns>
    string? Make(RecordBatch batch, int index, CollectionOptions collection, out string key, out byte[]? document);
}
