using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Millrace.Server.Cli.Output;
using Millrace.Server.Rules;

namespace Millrace.Server.Cli.Verbs;

internal static class RuleVerb
{
    private const string Path = "api/v1/rules";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Verb Create(CliContext context) => new(
        "rule", "Rules as AWS IoT has them, that come, change and go while the server runs.", "millrace rule put alarm -f alarm.json")
    {
        AskingVerb.List(context, "Show all rules; those of the pipeline file among them.", "millrace rule list", Path, "name", "enabled", "from", "problem", "sql"),
        CreateGet(context),
        CreatePut(context),
        CreateDelete(context),
        CreateSwitch(context, "enable", "Enable a rule: it goes on where it was disabled."),
        CreateSwitch(context, "disable", "Disable a rule, which keeps its place."),
        RuleEvalVerb.Create(context),
        RuleExplainVerb.Create(context),
    };

    private static Verb CreateGet(CliContext context)
    {
        var name = NameArgument();
        return AskingVerb.Create(context, "get", "Show the document of a rule.", "millrace rule get alarm", [name], async (parsed, server, stop) =>
        {
            var rule = (await server.GetAsync(PathOf(parsed.GetRequiredValue(name)), stop)).Expect();
            if (rule.Member("document") is not { ValueKind: JsonValueKind.Object } document)
                throw new CliException(Exit.Failure, $"{parsed.GetRequiredValue(name)} is a flow of the pipeline file, which has no document of its own.");
            foreach (var line in JsonSerializer.Serialize(document, Readable).Split('\n')) await context.Out.WriteLineAsync(SafeText.Clean(line));
            return Exit.Ok;
        });
    }

    private static Verb CreatePut(CliContext context)
    {
        var name = NameArgument();
        var file = new Option<string>("--file", "-f")
        {
            Description = "the rule's document, JSON as AWS IoT has it, or the same as YAML; - for the standard input",
            HelpName = "FILE",
            Required = true,
        };
        return AskingVerb.Create(
            context,
            "put",
            "Make a rule, or replace it: the new one goes on where the old one stopped.",
            "millrace rule put alarm -f alarm.json",
            [name, file],
            async (parsed, server, stop) =>
            {
                var text = InputFile.Read(context, parsed.GetRequiredValue(file), RuleDocument.MaxSize);
                var answer = await server.PutAsync(PathOf(parsed.GetRequiredValue(name)), text, stop);
                return answer.IsOk ? Exit.Ok : await PolicyVerb.RefuseAsync(context, parsed.GetRequiredValue(file), answer);
            });
    }

    private static Verb CreateDelete(CliContext context)
    {
        var name = NameArgument();
        return AskingVerb.Create(
            context, "delete", "Delete a rule; one of the same name that comes later starts anew.", "millrace rule delete alarm", [name],
            async (parsed, server, stop) =>
            {
                (await server.AskAsync(HttpMethod.Delete, PathOf(parsed.GetRequiredValue(name)), null, stop)).Expect();
                return Exit.Ok;
            });
    }

    private static Verb CreateSwitch(CliContext context, string verb, string description)
    {
        var name = NameArgument();
        return AskingVerb.Create(context, verb, description, $"millrace rule {verb} alarm", [name], async (parsed, server, stop) =>
        {
            (await server.AskAsync(HttpMethod.Post, $"{PathOf(parsed.GetRequiredValue(name))}/{verb}", null, stop)).Expect();
            return Exit.Ok;
        });
    }

    private static string PathOf(string name) => $"{Path}/{AskingVerb.Part(name)}";

    private static Argument<string> NameArgument() => new("NAME") { Description = "the rule" };
}
