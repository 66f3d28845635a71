using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Devices.Policies;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class PolicyVerb
{
    private const string Path = "api/v1/policies";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Verb Create(CliContext context) => new(
        "policy", "AWS IoT policies: what devices, users and tokens may do.", "millrace policy put sensors sensors.json")
    {
        CreatePut(context),
        CreateGet(context),
        AskingVerb.List(context, "Show all policies.", "millrace policy list", Path, "name", "builtIn", "changed"),
        CreateRemove(context),
        CreateAttach(context, "attach", "Attach a policy to a certificate, a user or a token.", HttpMethod.Put),
        CreateAttach(context, "detach", "Detach a policy; the others of that certificate, user or token stay.", HttpMethod.Delete),
        PolicyTestVerb.Create(context),
    };

    /// <summary>Mistakes of a document with their places, or whatever else the server refused.</summary>
    public static async Task<int> RefuseAsync(CliContext context, string file, ServerAnswer answer)
    {
        Problem[] problems =
            [.. answer.Body.Items("problems").Select(static p => new Problem(p.Text("where"), p.Text("what"), p.Whole("line"), p.Whole("column")))];
        if (problems.Length > 0) ProblemPrinter.Write(context.Error, file, problems);
        else await context.Error.WriteLineAsync(SafeText.Clean(answer.Reason));
        return answer.ExitCode;
    }

    private static Verb CreatePut(CliContext context)
    {
        var name = NameArgument();
        var file = new Argument<string>("FILE") { Description = "the policy document, JSON; - for the standard input" };
        return AskingVerb.Create(
            context,
            "put",
            "Write a policy, or write it anew; it counts for the next packet of every connection.",
            "millrace policy put sensors sensors.json",
            [name, file],
            async (parsed, server, stop) =>
            {
                var text = InputFile.Read(context, parsed.GetRequiredValue(file), PolicyDocument.MaxLength * 4);
                var answer = await server.PutAsync($"{Path}/{AskingVerb.Part(parsed.GetRequiredValue(name))}", text, stop);
                return answer.IsOk ? Exit.Ok : await RefuseAsync(context, parsed.GetRequiredValue(file), answer);
            });
    }

    private static Verb CreateGet(CliContext context)
    {
        var name = NameArgument();
        return AskingVerb.Create(context, "get", "Show a policy document.", "millrace policy get device", [name], async (parsed, server, stop) =>
        {
            var policy = (await server.GetAsync($"{Path}/{AskingVerb.Part(parsed.GetRequiredValue(name))}", stop)).Expect();
            var document = policy.Member("document");
            if (document.ValueKind != JsonValueKind.Object) throw new CliException(Exit.Failure, "The server's answer has no policy document.");
            foreach (var line in JsonSerializer.Serialize(document, Readable).Split('\n')) await context.Out.WriteLineAsync(SafeText.Clean(line));
            return Exit.Ok;
        });
    }

    private static Verb CreateRemove(CliContext context)
    {
        var name = NameArgument();
        return AskingVerb.Create(
            context, "remove", "Remove a policy that is not attached.", "millrace policy remove sensors", [name],
            async (parsed, server, stop) =>
            {
                (await server.AskAsync(HttpMethod.Delete, $"{Path}/{AskingVerb.Part(parsed.GetRequiredValue(name))}", null, stop)).Expect();
                return Exit.Ok;
            });
    }

    private static Verb CreateAttach(CliContext context, string verb, string description, HttpMethod method)
    {
        var name = NameArgument();
        var certificate = new Option<string?>("--certificate") { Description = "a certificate, as certs list shows it", HelpName = "ID" };
        var user = new Option<string?>("--user") { Description = "a user", HelpName = "NAME" };
        var token = new Option<string?>("--token") { Description = "a token, by its name", HelpName = "NAME" };
        return AskingVerb.Create(
            context, verb, description, $"millrace policy {verb} sensors --user anna", [name, certificate, user, token],
            async (parsed, server, stop) =>
            {
                (string Kind, string? Name)[] all =
                    [("certificates", parsed.GetValue(certificate)), ("users", parsed.GetValue(user)), ("tokens", parsed.GetValue(token))];
                if (all.Where(static holder => holder.Name is not null).ToArray() is not [var one])
                    throw new CliException(Exit.Invalid, "give one of --certificate, --user and --token");
                var path = $"api/v1/{one.Kind}/{AskingVerb.Part(one.Name!)}/policies/{AskingVerb.Part(parsed.GetRequiredValue(name))}";
                (await server.AskAsync(method, path, null, stop)).Expect();
                return Exit.Ok;
            });
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = "the policy" };
}
