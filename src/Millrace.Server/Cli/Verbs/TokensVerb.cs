using System.CommandLine;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Cli.Verbs;

internal static class TokensVerb
{
    private const string Path = "api/v1/tokens";

    public static Verb Create(CliContext context) => new(
        "tokens", "API tokens, which programs show in place of a password.", "millrace tokens create nightly --for 90d")
    {
        CreateCreate(context),
        AskingVerb.List(context, "Show all tokens, without their secrets.", "millrace tokens list", Path, "name", "policies", "created", "expires"),
        CreateRemove(context),
    };

    private static Verb CreateCreate(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "for people" };
        var time = new Option<string?>("--for") { Description = "lets nobody in after this [default: lasts]", HelpName = "TIME" };
        var policy = AskingVerb.PolicyOption("everything");
        return AskingVerb.Create(
            context,
            "create",
            "Make a token and show it, once.",
            "millrace tokens create nightly --for 90d --policy everything",
            [name, time, policy],
            async (parsed, server, stop) =>
            {
                TimeSpan? lasting = parsed.GetValue(time) is not { } text ? null
                    : Durations.TryParse(text, out var span) ? span
                    : throw new CliException(Exit.Invalid, $"--for {Durations.Rule}");
                var answer = await server.AskAsync(HttpMethod.Post, Path, new JsonObject
                {
                    ["name"] = parsed.GetRequiredValue(name),
                    ["days"] = lasting?.TotalDays,
                    ["policies"] = AskingVerb.Policies(parsed.GetValue(policy)),
                }, stop);
                var made = answer.Expect();
                var policies = string.Join(", ", made.Member("token").Items("policies").Select(static item => item.Text()));
                await context.Out.WriteLineAsync(SafeText.Clean(made.Text("secret")));
                var what = $"This is token {made.Member("token").Text("name")} with policy {policies}.";
                await context.Error.WriteLineAsync(SafeText.Clean($"{what} Use it as the password with any user name; it is not shown again."));
                return Exit.Ok;
            });
    }

    private static Verb CreateRemove(CliContext context)
    {
        var name = new Argument<string>("NAME");
        return AskingVerb.Create(
            context, "remove", "Remove a token; connections made with it end at once.", "millrace tokens remove nightly", [name],
            async (parsed, server, stop) =>
            {
                (await server.AskAsync(HttpMethod.Delete, $"{Path}/{AskingVerb.Part(parsed.GetRequiredValue(name))}", null, stop)).Expect();
                return Exit.Ok;
            });
    }
}
