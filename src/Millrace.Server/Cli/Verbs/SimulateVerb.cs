using System.CommandLine;
using System.Net;
using Millrace.Server.Cli.Output;
using Millrace.Server.Cli.Settings;
using Millrace.Server.Pipeline;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Simulator;

namespace Millrace.Server.Cli.Verbs;

internal static class SimulateVerb
{
    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "simulate",
            "Connect a fleet of simulated devices over MQTT until Ctrl-C.",
            "millrace simulate cars --devices 100 --interval 1s --for 10m");
        var kind = new Argument<string>("KIND") { Description = "what the devices are" };
        kind.AcceptOnlyFromAmong([.. FleetReader.Kinds.Keys]);
        var devices = new Option<int?>("--devices") { Description = "how many", HelpName = "N" };
        var interval = new Option<string?>("--interval") { Description = "each measures this often", HelpName = "TIME" };
        var seed = new Option<int?>("--seed") { Description = "another seed is another fleet", HelpName = "N" };
        var mqtt = new Option<string>("--mqtt")
        {
            Description = "the server",
            DefaultValueFactory = static _ => "127.0.0.1:1883",
            HelpName = "ADDR:PORT",
        };
        var time = new Option<string?>("--for") { Description = "ends after this [default: Ctrl-C]", HelpName = "TIME" };
        verb.Add(kind);
        verb.Add(devices);
        verb.Add(interval);
        verb.Add(seed);
        verb.Add(mqtt);
        verb.Add(time);
        verb.SetAction((parsed, stop) =>
        {
            var name = parsed.GetRequiredValue(kind);
            var fleet = FleetOptions.For(name, FleetReader.Kinds[name]);
            fleet = fleet with
            {
                Devices = parsed.GetValue(devices) ?? fleet.Devices,
                Interval = DurationOf(parsed.GetValue(interval), "--interval") ?? fleet.Interval,
                Seed = parsed.GetValue(seed) ?? fleet.Seed,
            };
            var run = new SimulatorRun([fleet], EndpointOf(parsed.GetRequiredValue(mqtt)), DurationOf(parsed.GetValue(time), "--for"));
            if (fleet.Check().ToArray() is not { Length: > 0 } problems) return context.Simulate(run, context, stop);
            ProblemPrinter.Write(context.Error, null, problems);
            return Task.FromResult(Exit.Invalid);
        });
        return verb;
    }

    private static TimeSpan? DurationOf(string? text, string option) =>
        text is null ? null : Durations.TryParse(text, out var time) ? time : throw new CliException(Exit.Invalid, $"{option} {Durations.Rule}");

    private static IPEndPoint EndpointOf(string text) =>
        Endpoints.TryParse(text, out var endpoint, out var wrong) ? endpoint : throw new CliException(Exit.Invalid, $"--mqtt: {wrong}");
}
