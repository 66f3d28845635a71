using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class DocumentsVerb
{
    private const string Path = "api/v1/documents";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Verb Create(CliContext context) => new("documents", "Documents that rules put into collections.", "millrace documents get cars VIN7")
    {
        CreateList(context),
        CreateGet(context),
    };

    private static Verb CreateList(CliContext context)
    {
        var collection = CollectionArgument();
        var limit = new Option<int>("--limit") { Description = "documents to show, at most 1000", HelpName = "N", DefaultValueFactory = static _ => 100 };
        var after = new Option<string?>("--after") { Description = "show those whose keys come after this one", HelpName = "KEY" };
        var format = OutputFormats.Option("table", "csv", "json");
        return AskingVerb.Create(
            context, "list", "Show the documents of a collection, in order of their keys.", "millrace documents list cars", [collection, limit, after, format],
            async (parsed, server, stop) =>
            {
                var path = $"{Path}/{AskingVerb.Part(parsed.GetRequiredValue(collection))}?limit={parsed.GetValue(limit)}&after={AskingVerb.Part(parsed.GetValue(after) ?? "")}";
                var answer = (await server.GetAsync(path, stop)).Expect();
                var table = new ResultTable(["key", "document"]);
                foreach (var item in answer.Items("documents")) table.Add([item.Member("key"), item.Member("document")]);
                table.Write(OutputFormats.Of(parsed.GetRequiredValue(format)), context);
                if (answer.Text("after") is { Length: > 0 } next) await context.Error.WriteLineAsync(SafeText.Clean($"There are more: --after '{next}' shows those that follow."));
                return Exit.Ok;
            });
    }

    private static Verb CreateGet(CliContext context)
    {
        var collection = CollectionArgument();
        var key = new Argument<string>("KEY") { Description = "the value of its key attribute" };
        var sortKey = new Argument<string?>("SORTKEY") { Description = "and of its sort key, where the collection has one", Arity = ArgumentArity.ZeroOrOne };
        return AskingVerb.Create(context, "get", "Show one document.", "millrace documents get cars VIN7", [collection, key, sortKey], async (parsed, server, stop) =>
        {
            var path = $"{Path}/{AskingVerb.Part(parsed.GetRequiredValue(collection))}/{AskingVerb.Part(parsed.GetRequiredValue(key))}";
            if (parsed.GetValue(sortKey) is { } sort) path += "/" + AskingVerb.Part(sort);
            var document = (await server.GetAsync(path, stop)).Expect();
            foreach (var line in JsonSerializer.Serialize(document, Readable).Split('\n')) await context.Out.WriteLineAsync(SafeText.Clean(line));
            return Exit.Ok;
        });
    }

    private static Argument<string> CollectionArgument() => new("COLLECTION") { Description = "as the pipeline file declares it" };
}
