using System.CommandLine;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Server.Cli.Output;
using Millrace.Server.Pipeline;

namespace Millrace.Server.Cli.Verbs;

internal static class ApplyVerb
{
    public static Verb Create(CliContext context)
    {
        var verb = new Verb("apply", "Give a pipeline file to a running server. Doing it again changes nothing.", "millrace apply -f pipeline.yaml");
        var file = CheckVerb.FileOption();
        var url = ServerClient.UrlOption();
        verb.Add(file);
        verb.Add(url);
        verb.SetAction((parsed, stop) => RunAsync(context, parsed.GetRequiredValue(file), parsed.GetValue(url), stop));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string file, string? url, CancellationToken stop)
    {
        var text = InputFile.Read(context, file, (int)PipelineReader.MaxSize.Bytes);
        using var server = new ServerClient(context, url);
        var answer = await server.PostAsync("api/v1/pipeline", text, "application/yaml", stop);
        if (answer.Body.Items("problems").ToArray() is { Length: > 0 } problems)
        {
            ProblemPrinter.Write(context.Error, file, [.. problems.Select(ProblemOf)]);
            return Exit.Invalid;
        }

        var changes = answer.Expect();
        foreach (var kind in new[] { "created", "changed", "removed" })
            foreach (var name in changes.Items(kind)) await context.Out.WriteLineAsync($"{kind,-8} {SafeText.Clean(name.Text())}");
        await context.Out.WriteLineAsync($"{changes.Items("unchanged").Count()} unchanged.");
        return Exit.Ok;
    }

    private static Problem ProblemOf(JsonElement problem) =>
        new(problem.Text("where"), problem.Text("what"), problem.Whole("line"), problem.Whole("column"));
}
