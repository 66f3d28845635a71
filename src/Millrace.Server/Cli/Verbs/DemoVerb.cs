using Millrace.Server.Pipeline;

namespace Millrace.Server.Cli.Verbs;

internal static class DemoVerb
{
    private static readonly string Sample = Path.Combine("samples", "demo", "pipeline.yaml");

    public static Verb Create(CliContext context)
    {
        var verb = new Verb("demo", "Run a server with three fleets of simulated devices.", "millrace demo --data /tmp/millrace-demo");
        var settings = new SettingOptions(verb);
        verb.SetAction((parsed, stop) =>
        {
            var options = settings.Read(parsed, context, FindSample());
            return ServeVerb.RunAsync(options, context, (output, _, started) => WriteStarted(output, options!, context, started), stop);
        });
        return verb;
    }

    private static void WriteStarted(TextWriter output, ServerOptions options, CliContext context, ServerStarted started)
    {
        Banner.WriteStarted(output, options, started);
        var text = InputFile.Read(context, options.Pipeline!, (int)PipelineReader.MaxSize.Bytes);
        if (PipelineReader.TryRead(text, out var pipeline, out _)) Banner.WriteDemo(output, pipeline, started);
    }

    /// <summary>Looks from the working directory upwards, then from the program's own.</summary>
    private static string FindSample()
    {
        foreach (var start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (Path.Combine(folder.FullName, Sample) is var path && File.Exists(path)) return path;

        throw new CliException(
            Exit.Invalid, $"The demo's pipeline, {Sample}, is not here. Run it from the source tree, or name a file with --pipeline.");
    }
}
