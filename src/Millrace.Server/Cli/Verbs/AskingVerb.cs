using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

/// <summary>Verbs that ask a running server one thing.</summary>
internal static class AskingVerb
{
    /// <param name="context">What is outside.</param>
    /// <param name="name">Of the verb.</param>
    /// <param name="description">In the help.</param>
    /// <param name="example">In the help.</param>
    /// <param name="inputs">Arguments and options.</param>
    /// <param name="run">Returns the exit code.</param>
    public static Verb Create(
        CliContext context, string name, string description, string example, Symbol[] inputs, Func<ParseResult, ServerClient, CancellationToken, Task<int>> run)
    {
        var verb = new Verb(name, description, example);
        var url = ServerClient.UrlOption();
        foreach (var input in inputs.Append(url))
        {
            if (input is Argument argument) verb.Add(argument);
            else verb.Add((Option)input);
        }

        verb.SetAction(async (parsed, stop) =>
        {
            using var server = new ServerClient(context, parsed.GetValue(url));
            return await run(parsed, server, stop);
        });
        return verb;
    }

    /// <summary>A verb that shows a list.</summary>
    /// <param name="context">What is outside.</param>
    /// <param name="description">In the help.</param>
    /// <param name="example">In the help.</param>
    /// <param name="path">Of the list, whose last part is its name in the answer.</param>
    /// <param name="columns">Members of its items.</param>
    public static Verb List(CliContext context, string description, string example, string path, params string[] columns)
    {
        var format = OutputFormats.Option("table", "csv", "json");
        return Create(context, "list", description, example, [format], async (parsed, server, stop) =>
        {
            var answer = (await server.GetAsync(path, stop)).Expect();
            var table = new ResultTable(columns);
            foreach (var item in answer.Items(path.Split('/')[^1])) table.Add([.. columns.Select(column => Cell(item.Member(column)))]);
            table.Write(OutputFormats.Of(parsed.GetRequiredValue(format)), context);
            return Exit.Ok;
        });
    }

    public static Option<string?> PolicyOption(string otherwise) =>
        new("--policy") { Description = $"what it may do; a policy of this server [default: {otherwise}]", HelpName = "NAME" };

    /// <summary>A name of somebody's as a part of a path.</summary>
    public static string Part(string name) => Uri.EscapeDataString(name);

    /// <summary>Null: the server takes its usual one.</summary>
    public static JsonArray? Policies(string? policy) => policy is null ? null : [policy];

    // Lists of names read better without their JSON.
    private static JsonElement Cell(JsonElement member) => member.ValueKind == JsonValueKind.Array
        ? JsonSerializer.SerializeToElement(string.Join(", ", member.Items().Select(static item => item.Text())))
        : member;
}
