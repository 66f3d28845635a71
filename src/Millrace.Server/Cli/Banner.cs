using Millrace.Server.Pipeline;

namespace Millrace.Server.Cli;

/// <summary>What a person reads when a server has started.</summary>
internal static class Banner
{
    private const string SpeedQuery = "SELECT vin, measure_value::double AS speed, time FROM fleet.telemetry "
        + "WHERE measure_name = 'vehicle_speed' ORDER BY time DESC LIMIT 5";

    public static void WriteStarted(TextWriter output, ServerOptions options, ServerStarted started)
    {
        output.WriteLine("Millrace is running.");
        foreach (var listener in started.Devices) output.WriteLine($"  devices   {listener.Url}");
        output.WriteLine($"  console   http://{started.Http}/");
        output.WriteLine($"  data      {Path.GetFullPath(options.Data)}");
    }

    public static void WriteDemo(TextWriter output, PipelineFile pipeline, ServerStarted started)
    {
        var (mqtt, url) = (started.Devices.FirstOrDefault(static one => one.TakesAnybody)?.Local, started.Http.Port == 8080 ? "" : $" --url http://{started.Http}");
        output.WriteLine($"  fleets    {string.Join(", ", pipeline.Fleets.Select(static f => $"{f.Name} ({f.Devices})"))}");
        output.WriteLine($"  flows     {string.Join(", ", pipeline.Flows.Select(static f => f.Name))}");
        output.WriteLine();
        output.WriteLine("Try");
        output.WriteLine($"  ./dev millrace query{url} \"{SpeedQuery}\"");
        output.WriteLine($"  ./dev millrace ledger{url}");
        if (mqtt is not null) output.WriteLine($"  mosquitto_sub -h {mqtt.Address} -p {mqtt.Port} -v -t 'cmd/#'");
        output.WriteLine();
        output.WriteLine("Ctrl-C stops it; started again it finds everything.");
    }
}
