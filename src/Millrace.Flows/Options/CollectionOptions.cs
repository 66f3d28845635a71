using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>A collection of documents: what DynamoDB calls a table.</summary>
public sealed record CollectionOptions(string Name)
{
    private const string Prefix = "docs.";
    private const int LongestName = 59;
    private const int LongestAttribute = 255;
    private const int MostDocuments = 10_000_000;

    /// <summary>The attribute that a document is found by.</summary>
    public required string Key { get; init; }

    /// <summary>A second one, where the first alone does not tell documents apart; null: there is none.</summary>
    public string? SortKey { get; init; }

    /// <summary>Documents there may be: they are kept in memory, and their keys come from devices. A new key beyond is refused, and known ones are written on.</summary>
    public int Limit { get; init; } = 100_000;

    /// <summary>What the document store keeps a collection under, apart from all that the server keeps there for itself.</summary>
    public static string StoreName(string name) => Prefix + name;

    /// <summary>What a document is kept under: its key, or both with a slash between them, in which every % and slash of theirs is %25 and %2F.</summary>
    public static string KeyOf(string key, string? sortKey) => sortKey is null ? key : $"{Escaped(key)}/{Escaped(sortKey)}";

    public IEnumerable<Problem> Check()
    {
        if (!Name.IsPlainName() || Name.Length > LongestName) yield return new("name", $"must be 1 to {LongestName} letters, digits, _ and -, the first a letter or digit");
        if (Wrong(Key) is { } wrong) yield return new("key", wrong);
        if (SortKey is not null && Wrong(SortKey) is { } wrongSort) yield return new("sortKey", wrongSort);
        if (Limit is < 1 or > MostDocuments) yield return new("limit", $"must be from 1 to {MostDocuments}");
        if (SortKey == Key) yield return new("sortKey", "must be another attribute than key");
    }

    private static string? Wrong(string attribute) =>
        attribute.Length is 0 or > LongestAttribute || attribute.Contains('.', StringComparison.Ordinal)
            ? $"must name an attribute of the documents: 1 to {LongestAttribute} characters without a dot"
            : null;

    private static string Escaped(string part) => part.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
}
