using System.CommandLine;
using System.Text;
using Millrace.Server.Cli.Output;
using Millrace.Server.Cli.Rules;
using Millrace.Server.Pipeline;
using Millrace.Sql.Rules;

namespace Millrace.Server.Cli.Verbs;

internal static class RuleEvalVerb
{
    public const string Example =
        """echo '{"color":"red"}' | millrace rule eval --sql "SELECT upper(color) AS c FROM 'a/b'" """;

    private const int Longest = RuleLines.Longest;

    public static Verb Create(CliContext context)
    {
        var verb = new Verb("eval", "Try a rule's statement on a message, without a server.", Example);
        var sql = new Option<string?>("--sql") { Description = "the statement; with --jsonl: of lines that have none", HelpName = "SQL" };
        var topic = new Option<string?>("--topic") { Description = "where the message was published [default: a topic behind FROM]", HelpName = "TOPIC" };
        var version = VersionOption();
        var client = new Option<string>("--client-id") { Description = "who published it", HelpName = "ID", DefaultValueFactory = static _ => "" };
        var templates = new Option<string[]>("--template") { Description = "also show this text with its ${…} filled in; may be given again", HelpName = "TEXT" };
        var lookups = LookupsOption();
        var lines = new Option<bool>("--jsonl") { Description = """read lines {"sql","topic","payload" or "payloadBase64","version"}, answer each with a line""" };
        var file = new Argument<string?>("FILE")
        {
            Description = "the payload; - for the standard input [default: -]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        foreach (var option in new Option[] { sql, topic, version, client, templates, lookups, lines }) verb.Add(option);
        verb.Add(file);
        verb.SetAction((parsed, stop) =>
        {
            var path = parsed.GetValue(file);
            if (path is null && context.IsTerminal) throw new CliException(Exit.Invalid, "name the payload's FILE, or pipe it in");
            path ??= "-";
            var message = new RuleMessage(
                parsed.GetValue(sql) ?? "", Of(parsed.GetRequiredValue(version)), Checked(parsed.GetValue(topic)), parsed.GetRequiredValue(client), default);
            var trial = new RuleTrial(LookupsIn(context, parsed.GetValue(lookups)), TimeProvider.System) { WrongCountIsUndefined = parsed.GetValue(lines) };
            var texts = parsed.GetValue(templates) ?? [];
            if (parsed.GetValue(lines)) return Task.FromResult(RunLines(context, trial, message, path, texts, stop));
            if (parsed.GetValue(sql) is null) throw new CliException(Exit.Invalid, "give the statement: --sql \"SELECT …\"");
            return Task.FromResult(Run(context, trial, message with { Payload = Payload(context, path) }, texts));
        });
        return verb;
    }

    public static Option<string> VersionOption()
    {
        var version = new Option<string>("--version") { Description = "of AWS IoT SQL", DefaultValueFactory = static _ => "2016-03-23", HelpName = "2016-03-23|2015-10-08" };
        version.AcceptOnlyFromAmong([.. FlowReader.Versions.Keys]);
        return version;
    }

    public static Option<string?> LookupsOption() => new("--lookups")
    {
        Description = """JSON with what get_thing_shadow() and the like find: {"shadows","things","documents","secrets","functions"}""",
        HelpName = "FILE",
    };

    public static SqlVersion Of(string version) => FlowReader.Versions[version];

    public static FileLookups? LookupsIn(CliContext context, string? path)
    {
        if (path is null) return null;
        var json = InputFile.Read(context, path, FileLookups.Longest);
        return json.Length <= FileLookups.Longest
            ? FileLookups.Read(json, path)
            : throw new CliException(Exit.Invalid, $"{path}: it is larger than {FileLookups.Longest >> 20} MiB");
    }

    /// <summary>Where and why a statement or a template is refused, with the place shown.</summary>
    public static int Refuse(CliContext context, string sql, SqlError error)
    {
        context.Error.WriteLine(SafeText.Clean(error.ToString()));
        foreach (var shown in CaretText.Of(sql, error.Line, error.Column)) context.Error.WriteLine(shown);
        return Exit.Invalid;
    }

    private static int RunLines(CliContext context, RuleTrial trial, in RuleMessage otherwise, string path, string[] templates, CancellationToken stop)
    {
        if (templates.Length > 0) throw new CliException(Exit.Invalid, "--template is for one message, not for --jsonl");
        using var input = Open(context, path);
        using var output = context.OutBytes();
        new RuleLines(trial, output).Run(input, otherwise, stop);
        return Exit.Ok;
    }

    private static int Run(CliContext context, RuleTrial trial, in RuleMessage message, string[] templates)
    {
        switch (trial.Run(message))
        {
            case RuleOutcome.Refused:
                return Refuse(context, message.Sql, trial.Error!);
            case RuleOutcome.Unreadable:
                context.Error.WriteLine(SafeText.Clean($"The rule cannot be evaluated on this payload: {trial.Reason}"));
                return Exit.Failure;
            case RuleOutcome.NotFired:
                context.Error.WriteLine(SafeText.Clean($"The rule does not fire: {trial.WhyNot(message)}."));
                return Exit.Ok;
            default:
                Write(context, trial.Output.Span, newLine: templates.Length > 0);
                context.Error.WriteLine("The rule fires.");
                return templates.Length == 0 ? Exit.Ok : Render(context, trial, message, templates);
        }
    }

    private static void Write(CliContext context, ReadOnlySpan<byte> bytes, bool newLine)
    {
        using var output = context.OutBytes();
        output.Write(bytes);
        if (newLine || (context.IsTerminal && CompactJson.Is(bytes))) output.Write("\n"u8);
        output.Flush();
    }

    private static int Render(CliContext context, RuleTrial trial, in RuleMessage message, string[] templates)
    {
        var exit = Exit.Ok;
        foreach (var template in templates)
        {
            var outcome = trial.Render(template, message);
            if (outcome == RuleOutcome.Fired)
            {
                context.Out.WriteLine(SafeText.Clean($"{template} = {Encoding.UTF8.GetString(trial.Output.Span)}"));
                continue;
            }

            exit = outcome == RuleOutcome.Refused ? Refuse(context, template, trial.Error!) : Exit.Failure;
            if (outcome != RuleOutcome.Refused) context.Error.WriteLine(SafeText.Clean(trial.Reason));
        }

        return exit;
    }

    private static byte[] Payload(CliContext context, string path)
    {
        var payload = InputFile.Read(context, path, Longest);
        return payload.Length <= Longest ? payload : throw new CliException(Exit.Invalid, $"the payload is larger than {Longest >> 20} MiB");
    }

    private static Stream Open(CliContext context, string path)
    {
        try
        {
            return path == "-" ? context.In() : context.OpenFile(path);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new CliException(Exit.Invalid, $"Cannot read {path}: {cannot.Message}", cannot);
        }
    }

    private static string? Checked(string? topic) => topic is null || (topic.Length > 0 && !topic.AsSpan().ContainsAny("+#\0"))
        ? topic
        : throw new CliException(Exit.Invalid, "--topic must not be empty nor hold the wildcards + and #");
}
