using System.Text.Json;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Gateway;

/// <summary>Our gateway and mosquitto at the same work, in turns.</summary>
internal static class GatewayBenchmark
{
    private const string TransportOption = "--mqtt-transport";

    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(GatewayOptions.Help);
            return ExitCode.Success;
        }

        var options = GatewayOptions.Read(args, out var problems);
        if (options is null)
        {
            foreach (var problem in problems) Console.Error.WriteLine(problem);
            Console.Error.WriteLine("See ./dev bench gateway --help");
            return ExitCode.Usage;
        }

        if (options.NeedsPeer && PeerPrograms.Missing("mosquitto") is { } missing)
        {
            Console.Error.WriteLine(missing);
            return ExitCode.Usage;
        }

        var report = await MeasureAsync(options, stop);
        Console.WriteLine(options.Json ? JsonSerializer.Serialize(report, BenchmarkJson.Indented.GatewayReport) : GatewayText.Write(report));
        return report.IsGood ? ExitCode.Success : ExitCode.Failed;
    }

    private static async Task<GatewayReport> MeasureAsync(GatewayOptions options, CancellationToken stop)
    {
        var machine = Machine.Read(options.Data);
        var start = new MillraceStart(MillraceStart.ProgramOr(options.Server), options.Data);
        if (options.Transport is { } transport)
        {
            await start.NeedOptionAsync(TransportOption, stop);
            start = start with { Words = [TransportOption, transport] };
        }

        BrokerKind ours = new("millrace", async (tls, stop) => await MillraceServer.StartAsync(start with { Certificate = tls }, stop));
        BrokerKind theirs = new("mosquitto", async (tls, stop) => await MosquittoServer.StartAsync(options.Data, tls, stop));
        using var scratch = new ScratchDirectory(options.Data);
        var certificate = TestCertificate.Create(scratch, TimeProvider.System);

        var results = new List<GatewayResult>();
        foreach (var row in GatewayRows.All.Where(r => options.Rows.Contains(r.Name)))
        {
            var result = await new RowRun(row, options, certificate).RunAsync(ours, theirs, stop);
            ProgressDisplay.Note(result.Problem is { } problem ? $"{row.Name}: {problem}" : $"{row.Name}: {result.Ratio} times the cost of {theirs.Name}");
            results.Add(result);
        }

        return new GatewayReport
        {
            Messages = options.Messages,
            WarmUp = options.WarmUp,
            Rounds = options.Repeat,
            Transport = options.Transport,
            Peer = options.NeedsPeer ? await MosquittoServer.VersionAsync(stop) : null,
            Machine = machine,
            Rows = results,
            Allocations = options.Rows.Contains(GatewayRows.Allocations) ? await AllocationMeasure.RunAsync(options, stop) : [],
        };
    }
}
