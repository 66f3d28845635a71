using System.CommandLine;
using Millrace.Server.Cli.Output;
using Millrace.Server.Cli.Settings;
using Millrace.Server.Pipeline;

namespace Millrace.Server.Cli.Verbs;

internal static class ServeVerb
{
    public static Verb Create(CliContext context)
    {
        var verb = new Verb("serve", "Run a server until Ctrl-C.", "millrace serve --data /var/lib/millrace --pipeline pipeline.yaml");
        var settings = new SettingOptions(verb);
        verb.SetAction((parsed, stop) => RunAsync(settings.Read(parsed, context), context, Banner.WriteStarted, stop));
        return verb;
    }

    public static Task<int> RunAsync(
        ServerOptions? options, CliContext context, Action<TextWriter, ServerOptions, ServerStarted> started, CancellationToken stop)
    {
        if (options is null) return Task.FromResult(Exit.Invalid);
        var run = new ServerRun { Options = options, Started = where => started(context.Out, options, where) };
        if (options.Pipeline is null) return context.Serve(run, stop);
        var text = InputFile.Read(context, options.Pipeline, (int)PipelineReader.MaxSize.Bytes);
        if (PipelineReader.TryRead(text, out var pipeline, out var problems))
            return context.Serve(run with { Pipeline = pipeline, PipelineText = text }, stop);

        ProblemPrinter.Write(context.Error, options.Pipeline, problems);
        return Task.FromResult(Exit.Invalid);
    }
}
