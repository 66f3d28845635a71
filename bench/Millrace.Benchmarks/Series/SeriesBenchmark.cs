using System.Text.Json;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Engines;
using Millrace.Benchmarks.Series.Runs;
using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Series;

/// <summary>The data and the queries of the Time Series Benchmark Suite's IoT case, on our server and on other databases.</summary>
internal static class SeriesBenchmark
{
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(SeriesBenchOptions.Help);
            return ExitCode.Success;
        }

        var options = SeriesBenchOptions.Read(args, out var problems);
        if (options is null)
        {
            foreach (var problem in problems) Console.Error.WriteLine(problem);
            Console.Error.WriteLine("See ./dev bench series --help");
            return ExitCode.Usage;
        }

        var kinds = options.Engines.Select(name => EngineKinds.Of(name, options.Server)).ToArray();
        if (PeerPrograms.Missing([.. kinds.SelectMany(static k => k.Programs)]) is { } missing)
        {
            Console.Error.WriteLine(missing);
            return ExitCode.Usage;
        }

        if (options.Print)
        {
            Console.WriteLine(QuestionText.Write(options));
            return ExitCode.Success;
        }

        var report = await MeasureAsync(options, kinds, stop);
        if (options.JsonFile is not null) await File.WriteAllTextAsync(options.JsonFile, JsonSerializer.Serialize(report, BenchmarkJson.Indented.SeriesReport), stop);
        Console.WriteLine(SeriesText.Write(report));
        return report.IsGood ? ExitCode.Success : ExitCode.Failed;
    }

    private static async Task<SeriesReport> MeasureAsync(SeriesBenchOptions options, EngineKind[] kinds, CancellationToken stop)
    {
        using var scratch = options.Keep ? null : new ScratchDirectory(options.Data);
        var parent = scratch?.Path ?? Path.Combine(options.Data, "millrace-bench-series");
        var machine = Machine.Read(options.Data);
        var run = new SeriesRunOptions(options.Questions, options.Sets, options.Rounds);

        var (engines, questions) = kinds.Length > 0
            ? await new SeriesRun(options.Shape, kinds, run).RunAsync(DirectoryOf(options.Shape), stop)
            : ([], []);
        var growth = options.Growth ? await new GrowthRun(options.Shape, EngineKinds.Of(EngineKinds.Ours, options.Server), run).RunAsync(DirectoryOf, stop) : null;
        return new SeriesReport { Shape = options.Shape, Machine = machine, Rounds = options.Rounds, Engines = engines, Questions = questions, Growth = growth };

        string DirectoryOf(DataShape shape) => Directory.CreateDirectory(Path.Combine(parent, shape.FileName)).FullName;
    }
}
