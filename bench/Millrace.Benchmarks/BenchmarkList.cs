using Millrace.Benchmarks.Gateway;
using Millrace.Benchmarks.Pipeline;
using Millrace.Benchmarks.Recovery;
using Millrace.Benchmarks.Rules;
using Millrace.Benchmarks.Series;

namespace Millrace.Benchmarks;

/// <summary>Every benchmark. Not listed here: does not exist.</summary>
internal static class BenchmarkList
{
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new("pipeline", "MQTT publish to queryable row: throughput, latency, CPU and disk of a whole server", PipelineBenchmark.RunAsync),
        new("gateway", "the gateway and mosquitto at the same work, in turns; and what a message allocates", GatewayBenchmark.RunAsync),
        new("rules", "a rule on a message: nanoseconds and allocation, beside the same written by hand", RulesBenchmark.RunAsync),
        new("recovery", "how long a log takes to open after a crash, by its size", RecoveryBenchmark.RunAsync),
        new("series", "time series beside PostgreSQL, ClickHouse and InfluxDB: the suite's trucks, loaded and queried", SeriesBenchmark.RunAsync),
    ];

    public static string Help { get; } =
        "usage: ./dev bench NAME [options]\n\n" +
        string.Join('\n', All.Select(b => $"  {b.Name,-10} {b.Summary}")) +
        "\n\n./dev bench NAME --help tells the options of one.\nexample: ./dev bench pipeline --messages 100000";
}
