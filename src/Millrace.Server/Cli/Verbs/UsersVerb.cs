using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class UsersVerb
{
    private const string Path = "api/v1/users";
    private const int LongestPassword = 4096;

    public static Verb Create(CliContext context) => new("users", "Users that connect with a password.", "millrace users add anna --policy everything")
    {
        CreateAdd(context),
        AskingVerb.List(context, "Show all users.", "millrace users list", Path, "name", "policies", "created"),
        CreatePassword(context),
        CreateRemove(context),
    };

    private static Verb CreateAdd(CliContext context)
    {
        var name = NameArgument();
        var policy = AskingVerb.PolicyOption("everything");
        return AskingVerb.Create(
            context,
            "add",
            "Add a user. The password is asked for, or read as a line from the standard input; never put it into a command line.",
            "millrace users add anna --policy everything < password.txt",
            [name, policy],
            async (parsed, server, stop) =>
            {
                var answer = await server.AskAsync(HttpMethod.Post, Path, new JsonObject
                {
                    ["name"] = parsed.GetRequiredValue(name),
                    ["password"] = PasswordOf(context),
                    ["policies"] = AskingVerb.Policies(parsed.GetValue(policy)),
                }, stop);
                var user = answer.Expect();
                var policies = string.Join(", ", user.Items("policies").Select(static item => item.Text()));
                await context.Out.WriteLineAsync(SafeText.Clean($"user {user.Text("name")} with policy {policies}"));
                return Exit.Ok;
            });
    }

    private static Verb CreatePassword(CliContext context)
    {
        var name = NameArgument();
        return AskingVerb.Create(
            context,
            "password",
            "Change a user's password; connections made with the old one end at once.",
            "millrace users password anna < password.txt",
            [name],
            async (parsed, server, stop) =>
            {
                var path = $"{Path}/{AskingVerb.Part(parsed.GetRequiredValue(name))}/password";
                (await server.AskAsync(HttpMethod.Put, path, new JsonObject { ["password"] = PasswordOf(context) }, stop)).Expect();
                return Exit.Ok;
            });
    }

    private static Verb CreateRemove(CliContext context)
    {
        var name = NameArgument();
        return AskingVerb.Create(
            context, "remove", "Remove a user; their connections end at once.", "millrace users remove anna", [name],
            async (parsed, server, stop) =>
            {
                (await server.AskAsync(HttpMethod.Delete, $"{Path}/{AskingVerb.Part(parsed.GetRequiredValue(name))}", null, stop)).Expect();
                return Exit.Ok;
            });
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = "the MQTT user name" };

    private static string PasswordOf(CliContext context)
    {
        if (context.AskSecret is { } ask)
        {
            var typed = ask("Password: ");
            return ask("Again: ") == typed ? typed : throw new CliException(Exit.Invalid, "These were two different passwords.");
        }

        var line = Encoding.UTF8.GetString(InputFile.Read(context, "-", LongestPassword)).Split('\n')[0].TrimEnd('\r');
        return line.Length > 0 ? line : throw new CliException(Exit.Invalid, "Give the password as a line on the standard input.");
    }
}
