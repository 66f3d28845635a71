using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Millrace.Server.Cli.Output;
using Millrace.Server.Cli.Verbs;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Cli;

/// <summary>The program as a person in a shell meets it.</summary>
public static class CommandLine
{
    /// <summary>How long a stopped verb may take to end; a server empties its buffers meanwhile.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <param name="args">Without the program's name.</param>
    /// <param name="serve">Runs a server until it is cancelled; returns an exit code.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args, Func<ServerRun, CancellationToken, Task<int>> serve) =>
        RunAsync(args, CliContext.OfProcess(serve));

    internal static async Task<int> RunAsync(string[] args, CliContext context)
    {
        var parsed = Root(context).Parse(args);
        var invocation = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = Grace,
        };
        if (parsed.Action is ParseErrorAction) return await RefuseAsync(parsed, context);
        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (OperationCanceledException)
        {
            return Exit.Interrupted;
        }
        catch (CliException end)
        {
            await context.Error.WriteLineAsync(SafeText.Clean(end.Message));
            return end.ExitCode;
        }
    }

    /// <summary>Every verb there is.</summary>
    private static RootCommand Root(CliContext context)
    {
        var root = new RootCommand("Millrace: a self-hosted pipeline from the device's MQTT packet to the chart, the lake file and the alarm.")
        {
            DemoVerb.Create(context),
            ServeVerb.Create(context),
            QueryVerb.Create(context),
            ExportVerb.Create(context),
            ImportVerb.Create(context),
            TableVerb.Create(context),
            PublishVerb.Create(context),
            ApplyVerb.Create(context),
            DocumentsVerb.Create(context),
            CheckVerb.Create(context),
            RuleVerb.Create(context),
            StreamVerb.Create(context),
            LedgerVerb.Create(context),
            DeadLettersVerb.Create(context),
            VerifyVerb.Create(context),
            BackupVerb.Create(context),
            RestoreVerb.Create(context),
            SimulateVerb.Create(context),
            CertsVerb.Create(context),
            UsersVerb.Create(context),
            TokensVerb.Create(context),
            PolicyVerb.Create(context),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new VerbHelp((HelpAction)help.Action!);
        return root;
    }

    /// <summary>The verbs that lead to a command, it among them.</summary>
    private static IEnumerable<string> Path(this CommandResult result) =>
        (result.Parent as CommandResult)?.Path().Append(result.Command.Name) ?? [];

    private static async Task<int> RefuseAsync(ParseResult parsed, CliContext context)
    {
        var command = parsed.CommandResult.Command;
        var name = string.Join(' ', parsed.CommandResult.Path().Prepend("millrace"));
        if (command is Verb)
        {
            foreach (var error in parsed.Errors)
                await context.Error.WriteLineAsync(SafeText.Clean(error.Message.ReplaceLineEndings(" ").Replace('\t', ' ')));
        }
        else if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            string[] verbs = [.. command.Subcommands.Select(static verb => verb.Name)];
            await context.Error.WriteLineAsync($"{Quote.Text(unknown)} is unknown; {Quote.Meant(unknown, verbs)}");
        }

        await context.Error.WriteLineAsync($"See {name} --help");
        return Exit.Invalid;
    }
}
