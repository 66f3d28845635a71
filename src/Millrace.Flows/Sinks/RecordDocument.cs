using System.Text;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Sql.Payload;

namespace Millrace.Flows.Sinks;

/// <summary>The record is the document, as AWS's DynamoDBv2 action has it: the collection's key attributes must be in it.</summary>
internal sealed class RecordDocument : IDocumentMaker
{
    /// <summary>Bytes of UTF-8, as in DynamoDB.</summary>
    public const int LongestKey = 2048;

    private readonly Dictionary<CollectionOptions, FieldReader> _readers = [];

    public string? Make(RecordBatch batch, int index, CollectionOptions collection, out string key, out byte[]? document)
    {
        (key, document) = ("", null);
        var payload = batch[index].Payload;
        if (!_readers.TryGetValue(collection, out var reader))
            _readers.Add(collection, reader = new FieldReader(collection.SortKey is { } second ? [collection.Key, second] : [collection.Key]));
        if (!reader.TryRead(payload, out var fields)) return reader.Error.ToString();
        if (Wrong(fields[0], fields.Text(0), collection.Key) is { } wrong) return wrong;
        var first = Encoding.UTF8.GetString(fields.Text(0));
        string? sort = null;
        if (collection.SortKey is { } name)
        {
            if (Wrong(fields[1], fields.Text(1), name) is { } wrongSort) return wrongSort;
            sort = Encoding.UTF8.GetString(fields.Text(1));
        }

        key = CollectionOptions.KeyOf(first, sort);
        document = payload.ToArray();
        return null;
    }

    private static string? Wrong(Field field, ReadOnlySpan<byte> text, string name) => field.Kind switch
    {
        FieldKind.Missing => $"field '{name}' is the key of the document, and is missing: SELECT it",
        not (FieldKind.String or FieldKind.Number) => $"field '{name}' is the key of the document, and is neither a text nor a number",
        _ when text.Length is 0 or > LongestKey => $"field '{name}' is the key of the document, and has {text.Length} bytes; it may have 1 to {LongestKey}",
        _ => null,
    };
}
