using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Devices.Policies;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class PolicyTestVerb
{
    public static Verb Create(CliContext context)
    {
        var certificate = new Option<string?>("--certificate") { Description = "ask the policies of a certificate", HelpName = "ID" };
        var user = new Option<string?>("--user") { Description = "ask the policies of a user", HelpName = "NAME" };
        var document = new Option<string?>("--document") { Description = "ask a policy in a file; it needs not be stored", HelpName = "FILE" };
        var action = new Option<string>("--action") { Description = "what is to be done, as iot:Publish", HelpName = "NAME", Required = true };
        var topic = new Option<string?>("--topic") { Description = "the topic or topic filter; none for iot:Connect", HelpName = "TOPIC" };
        var client = new Option<string?>("--client-id") { Description = "who connects [default: the thing]", HelpName = "ID" };
        var thing = new Option<string?>("--thing") { Description = "the certificate is attached to it, whatever it really is attached to", HelpName = "NAME" };
        var source = new Option<string?>("--source-ip") { Description = "where the client comes from", HelpName = "ADDR" };
        var persistent = new Option<bool>("--persistent") { Description = "it asks for a session that outlives the connection" };
        var will = new Option<bool>("--will") { Description = "it brings a will" };
        return AskingVerb.Create(
            context,
            "test",
            "Say what policies allow, and which statement decides. Ends with 0 where it is allowed, with 1 where not.",
            "millrace policy test --document sensors.json --thing thermometer-1 --action iot:Publish --topic dt/thermometer-1/hello",
            [certificate, user, document, action, topic, client, thing, source, persistent, will],
            async (parsed, server, stop) =>
            {
                if (new[] { certificate, user, document }.Count(option => parsed.GetValue(option) is not null) != 1)
                    throw new CliException(Exit.Invalid, "give one of --certificate, --user and --document");
                var file = parsed.GetValue(document);
                var answer = await server.AskAsync(HttpMethod.Post, "api/v1/policies/test", new JsonObject
                {
                    ["certificate"] = parsed.GetValue(certificate),
                    ["user"] = parsed.GetValue(user),
                    ["document"] = file is null ? null : DocumentIn(context, file),
                    ["action"] = parsed.GetRequiredValue(action),
                    ["topic"] = parsed.GetValue(topic),
                    ["clientId"] = parsed.GetValue(client),
                    ["thing"] = parsed.GetValue(thing),
                    ["sourceIp"] = parsed.GetValue(source),
                    ["persistentConnect"] = parsed.GetValue(persistent),
                    ["lastWill"] = parsed.GetValue(will),
                }, stop);
                return answer.IsOk ? await WriteAsync(context.Out, answer.Body) : await PolicyVerb.RefuseAsync(context, file ?? "", answer);
            });
    }

    private static JsonNode? DocumentIn(CliContext context, string file)
    {
        var bytes = InputFile.Read(context, file, PolicyDocument.MaxLength * 4);
        try
        {
            return JsonNode.Parse(bytes);
        }
        catch (JsonException mistake)
        {
            throw new CliException(Exit.Invalid, $"{file}:{mistake.LineNumber + 1}:{mistake.BytePositionInLine + 1}: this is not JSON", mistake);
        }
    }

    private static async Task<int> WriteAsync(TextWriter output, JsonElement answer)
    {
        var allowed = answer.IsTrue("allowed");
        await output.WriteLineAsync(SafeText.Clean($"{(allowed ? "allow" : "deny")}: {answer.Text("why")}"));
        foreach (var passedOver in answer.Items("passedOver")) await output.WriteLineAsync(SafeText.Clean($"  passed over: {passedOver.Text()}"));
        return allowed ? Exit.Ok : Exit.Failure;
    }
}
