using System.Globalization;
using Millrace.Server.Cli.Output;
using Millrace.Simulator;

namespace Millrace.Server.Cli;

/// <summary>Runs fleets against a server until they are stopped, and says what they did.</summary>
internal static class Simulation
{
    public static async Task<int> RunAsync(SimulatorRun run, CliContext context, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (run.For is { } time) ended.CancelAfter(time);
        using var loggers = LoggerFactory.Create(static logging => logging.AddSimpleConsole(static console => console.SingleLine = true));
        var logger = loggers.CreateLogger("simulate");
        var host = run.Mqtt.Address.ToString();
        var fleets = run.Fleets.Select(options => new Fleet(options, host, run.Mqtt.Port, TimeProvider.System, logger)).ToArray();
        foreach (var fleet in fleets) await context.Out.WriteLineAsync(fleet.Summary.ToString());

        await Task.WhenAll(fleets.Select(fleet => fleet.RunAsync(ended.Token)));

        var table = new ResultTable(["fleet", "published", "acknowledged", "refused", "dropped", "waiting", "sent again"]);
        foreach (var fleet in fleets)
        {
            var counts = fleet.Counts;
            long[] numbers = [counts.Published, counts.Acknowledged, counts.Refused, counts.Dropped, counts.Waiting, counts.SentAgain];
            table.Add([fleet.Summary.Name, .. numbers.Select(static number => number.ToString(CultureInfo.InvariantCulture))]);
        }

        table.Write(OutputFormat.Table, context);
        return fleets.All(static fleet => fleet.Counts is { Refused: 0, Dropped: 0, Waiting: 0 }) ? Exit.Ok : Exit.Failure;
    }
}
