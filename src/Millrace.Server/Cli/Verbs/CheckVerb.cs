using System.CommandLine;
using Millrace.Server.Cli.Output;
using Millrace.Server.Pipeline;

namespace Millrace.Server.Cli.Verbs;

internal static class CheckVerb
{
    public static Verb Create(CliContext context)
    {
        var verb = new Verb("check", "Tell every mistake of a pipeline file, without a server.", "millrace check -f pipeline.yaml");
        var file = FileOption();
        verb.Add(file);
        verb.SetAction(parsed => Run(context, parsed.GetRequiredValue(file)));
        return verb;
    }

    public static Option<string> FileOption() => new("--file", "-f")
    {
        Description = "the pipeline file; - for the standard input",
        HelpName = "FILE",
        Required = true,
    };

    private static int Run(CliContext context, string file)
    {
        if (!PipelineReader.TryRead(InputFile.Read(context, file, (int)PipelineReader.MaxSize.Bytes), out var pipeline, out var problems))
        {
            ProblemPrinter.Write(context.Error, file, problems);
            return Exit.Invalid;
        }

        context.Out.WriteLine(
            $"{file}: {pipeline.Tables.Count} tables, {pipeline.Streams.Count} streams, {pipeline.Flows.Count} flows, "
            + $"{pipeline.Fleets.Count} fleets; no mistakes.");
        return Exit.Ok;
    }
}
