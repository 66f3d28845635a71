using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>
/// One document for each record, under the attributes that the collection is declared to have as its key. The last one of a key is kept.
/// </summary>
public sealed record DocumentSinkOptions : SinkOptions
{
    public override string Kind => "documents";

    public override string Target => Collection;

    public override string ActionName => Item is null ? "DynamoDBv2Action" : "DynamoDBAction";

    /// <summary>A declared collection; a template.</summary>
    public required string Collection { get; init; }

    /// <summary>How a document is made of a record; null: the record is the document.</summary>
    public DocumentItem? Item { get; init; }

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        var collection = Templates.Sample(Collection, "collection", problems);
        if (problems.Count == 0 && !collection.IsPlainName()) problems.Add(new("collection", PlainNames.Rule));
        if (Item is not null) problems.AddRange(Item.Check());
        return problems;
    }
}
