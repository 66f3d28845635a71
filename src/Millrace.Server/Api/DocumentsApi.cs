using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Millrace.Contracts.Documents;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Server.Rules;

namespace Millrace.Server.Api;

/// <summary><c>/api/v1/documents</c>: what rules put into collections.</summary>
internal static class DocumentsApi
{
    private const string Prefix = "/api/v1/documents/";
    private const int Usual = 100;
    private const int Most = 1000;

    public static void MapDocuments(this IEndpointRouteBuilder routes, IDocumentStore documents, CollectionSet collections)
    {
        var group = routes.MapGroup("/api/v1/documents").RefuseInWords().WithTags("documents");
        group.MapGet("/{collection}", IResult (string collection, int? limit, string? after) =>
                collections.Find(collection) is null ? Unknown(collection) : List(documents, collection, limit ?? Usual, after ?? ""))
            .Produces<DocumentsAnswer>().Produces<ErrorAnswer>(404).WithSummary("Documents of a collection, in order of their keys");
        group.MapGet("/{collection}/{**key}", IResult (string collection, string key, HttpContext context) =>
            {
                if (collections.Find(collection) is null) return Unknown(collection);
                var parts = PartsOf(context);
                var kept = parts.Length switch { 1 => parts[0], 2 => CollectionOptions.KeyOf(parts[0], parts[1]), _ => null };
                return kept is { Length: > 0 } && documents.Find(CollectionOptions.StoreName(collection), kept) is { } document
                    ? Results.Bytes(document, "application/json")
                    : Refusals.OrNotFound<DocumentAnswer>(null, $"document {Quote.Name(string.Join('/', parts))} in {collection}");
            })
            .Produces<JsonElement>().Produces<ErrorAnswer>(404).WithSummary("One document, by its key, or by its key and its sort key with a slash between them");
    }

    private static IResult List(IDocumentStore documents, string collection, int limit, string after)
    {
        if (limit is < 1 or > Most) return Refusals.Refused($"limit must be from 1 to {Most}");
        var found = documents.List(CollectionOptions.StoreName(collection)).SkipWhile(document => string.CompareOrdinal(document.Key, after) <= 0).Take(limit + 1).ToArray();
        DocumentAnswer[] page = [.. found.Take(limit).Select(static document => new DocumentAnswer(document.Key, JsonSerializer.Deserialize(document.Value, Answers.Default.JsonElement)))];
        return Results.Ok(new DocumentsAnswer(page, found.Length > limit ? page[^1].Key : null));
    }

    /// <summary>A slash within a key is written %2F, which routing would leave as it is.</summary>
    private static string[] PartsOf(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        var at = path.IndexOf(Prefix, StringComparison.Ordinal);
        return at < 0 ? [] : [.. path[(at + Prefix.Length)..].Split('/').Skip(1).Select(Uri.UnescapeDataString)];
    }

    private static IResult Unknown(string collection) => Refusals.OrNotFound<DocumentAnswer>(null, $"collection {Quote.Name(collection)}: collections of the pipeline file declares them");
}
