using System.Text.Json;
using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Pipeline;

/// <summary>MQTT publish to queryable row, on a whole server and, for comparison, on what people put together otherwise.</summary>
internal static class PipelineBenchmark
{
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(PipelineOptions.Help);
            return ExitCode.Success;
        }

        var options = PipelineOptions.Read(args, out var problems);
        if (options is null)
        {
            foreach (var problem in problems) Console.Error.WriteLine(problem);
            Console.Error.WriteLine("See ./dev bench pipeline --help");
            return ExitCode.Usage;
        }

        if (options.Peer && PeerPrograms.Missing("mosquitto", "node", "npm", "influxd") is { } missing)
        {
            Console.Error.WriteLine(missing);
            return ExitCode.Usage;
        }

        if (options.Peer) await PeerPrograms.RestoreBridgeAsync(stop);
        var report = await MeasureAsync(options, stop);
        Console.WriteLine(options.Json ? JsonSerializer.Serialize(report, BenchmarkJson.Indented.PipelineReport) : PipelineText.Write(report));
        return ExitCode.Success;
    }

    private static async Task<PipelineReport> MeasureAsync(PipelineOptions options, CancellationToken stop)
    {
        var machine = Machine.Read(options.Data);
        var kinds = Kinds(options);
        var rows = new List<RowResult>();
        foreach (var load in options.Loads)
        {
            // In turns, so that whatever else the machine does meets all of them alike.
            var rounds = kinds.ToDictionary(static k => k, static _ => new List<RoundResult>());
            for (var i = 1; i <= options.Repeat; i++)
                foreach (var kind in kinds) rounds[kind].Add(await RoundAsync(kind, load, options, i, stop));

            rows.AddRange(kinds.Select(k => new RowResult(k.Name, load.Connections, load.Window, rounds[k])));
        }

        return new PipelineReport { Messages = options.Messages, WarmUp = options.WarmUp, Lake = options.Lake, Machine = machine, Rows = rows };
    }

    private static async Task<RoundResult> RoundAsync(StackKind kind, LoadShape load, PipelineOptions options, int number, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.RoundLimit);
        var title = options.Repeat > 1 ? $"{kind.Name}, {load}, round {number}" : $"{kind.Name}, {load}";
        try
        {
            return await ProgressDisplay.ShowAsync(
                title,
                PipelineRound.Messages(options),
                progress => new PipelineRound(kind, load, options, progress).RunAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested && limit.IsCancellationRequested)
        {
            throw new FaultException(Fault.Unavailable, $"{title}: not done within {options.RoundLimit.TotalMinutes} minutes (--limit)");
        }
    }

    /// <summary>The first is ours; the others are compared with it.</summary>
    private static List<StackKind> Kinds(PipelineOptions options)
    {
        var start = new MillraceStart(MillraceStart.ProgramOr(options.Server), options.Data) { Pipeline = PipelineFile.Text(options.Lake) };
        List<StackKind> kinds = [new("millrace", async stop => await MillraceServer.StartAsync(start, stop))];
        if (!options.Peer) return kinds;
        kinds.Add(new("mosquitto, bridge, InfluxDB", stop => PeerStack.StartAsync(options.Data, stores: true, stop)));
        kinds.Add(new("mosquitto alone", stop => PeerStack.StartAsync(options.Data, stores: false, stop)));
        return kinds;
    }
}
