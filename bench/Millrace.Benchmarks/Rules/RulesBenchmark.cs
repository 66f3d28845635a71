using System.Text.Json;
using Millrace.Benchmarks.Reports;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Rules;

/// <summary>Rules in this process, each beside two ways to write the same by hand.</summary>
internal static class RulesBenchmark
{
    public static Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(RulesOptions.Help);
            return Task.FromResult(ExitCode.Success);
        }

        var options = RulesOptions.Read(args, out var problems);
        if (options is null)
        {
            foreach (var problem in problems) Console.Error.WriteLine(problem);
            Console.Error.WriteLine("See ./dev bench rules --help");
            return Task.FromResult(ExitCode.Usage);
        }

        var report = Measure(options, stop);
        Console.WriteLine(options.Json ? JsonSerializer.Serialize(report, BenchmarkJson.Indented.RulesReport) : RulesText.Write(report));
        return Task.FromResult(report.IsGood ? ExitCode.Success : ExitCode.Failed);
    }

    private static RulesReport Measure(RulesOptions options, CancellationToken stop)
    {
        var machine = Machine.Read(Path.GetTempPath());
        var results = new List<RuleRowResult>();
        foreach (var row in RulesRows.All.Where(row => options.Rows.Contains(row.Name)))
        {
            var result = RuleRowRun.Run(row, options, stop);
            ProgressDisplay.Note($"{row.Name}: {result.Ours.Ns} ns, {result.Ours.Bytes:N0} bytes; {result.NodeRatio} of JsonNode by hand");
            results.Add(result);
        }

        return new RulesReport { Messages = options.Messages, Rounds = options.Rounds, Machine = machine, Rows = results };
    }
}
