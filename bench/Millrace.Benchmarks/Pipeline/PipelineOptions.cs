using System.Globalization;
using Millrace.Benchmarks.Load;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Pipeline;

/// <summary>What <c>bench pipeline</c> does. Read once, at start.</summary>
internal sealed record PipelineOptions
{
    private const int MostMessages = 1_000_000_000;
    private const string DefaultLoads = "100x50,1000x10,100x1";

    /// <summary>In each round, not counting warm-up and steady phase.</summary>
    public int Messages { get; private init; }

    /// <summary>Published and waited for before anything is counted.</summary>
    public int WarmUp { get; private init; }

    public required IReadOnlyList<LoadShape> Loads { get; init; }

    /// <summary>Messages a second in the phase that measures publish to queryable.</summary>
    public int Rate { get; private init; }

    /// <summary>How long that phase is; zero for none.</summary>
    public TimeSpan Steady { get; private init; }

    /// <summary>Rounds of each row; the report shows their median.</summary>
    public int Repeat { get; private init; }

    /// <summary>A round that takes longer has failed.</summary>
    public TimeSpan RoundLimit { get; private init; }

    public bool Lake { get; private init; }

    public bool Peer { get; private init; }

    public bool Json { get; private init; }

    /// <summary>Another millrace.dll than the one built beside this; null for that one.</summary>
    public string? Server { get; private init; }

    /// <summary>Where the data directories are made; what disk this is decides what an fsync costs.</summary>
    public required string Data { get; init; }

    public static string Help { get; } =
        $"""
        usage: ./dev bench pipeline [options]

        Publishes car telemetry over MQTT with QoS 1 to a fresh server whose one rule writes one time-series table, and measures until the
        last row is queryable. Then, on the same server, publishes at a fixed rate and measures how long each message of ten cars takes from
        publish until a query, asked every 20 ms, has its row.

          --messages N     in each round, default 1,000,000
          --load LIST      connections x messages in flight, a row each, default {DefaultLoads}
          --rate N         messages a second in the steady phase, default 20,000
          --steady SECONDS length of the steady phase, default 10; 0 for none
          --warm-up N      messages before anything is counted, default 0: then starting costs (such as compiling) are in the figures
          --repeat N       rounds of each row, default 1; the report shows the median and the spread
          --lake           adds a flow into the lake
          --peer           the same work on mosquitto, a Node bridge and InfluxDB, in turns with ours, and mosquitto alone
          --data DIR       where data directories are made, default the directory for temporary files
          --server FILE    another millrace.dll
          --limit MINUTES  a round that takes longer has failed, default 10
          --json           the report as JSON

        The report goes to standard output, the progress bar to standard error. CPU is user and system time of the server's process, never of
        the load generator, which is a process of its own.

        example: ./dev bench pipeline --messages 200000 --load 100x50 --repeat 3
        """;

    /// <returns>Null where a problem was found; then <paramref name="problems"/> names them all.</returns>
    public static PipelineOptions? Read(string[] args, out IReadOnlyList<Problem> problems)
    {
        var arguments = new Arguments(
            args,
            flags: ["--lake", "--peer", "--json"],
            options: ["--messages", "--load", "--rate", "--steady", "--warm-up", "--repeat", "--data", "--server", "--limit"]);
        var data = arguments.Text("--data") ?? Path.GetTempPath();
        if (!Directory.Exists(data)) arguments.Add("--data", $"there is no directory '{data}'");
        var server = arguments.Text("--server");
        if (server is not null && !File.Exists(server)) arguments.Add("--server", $"there is no file '{server}'");

        var options = new PipelineOptions
        {
            Messages = arguments.Integer("--messages", 1_000_000, 1, MostMessages),
            WarmUp = arguments.Integer("--warm-up", 0, 0, MostMessages),
            Loads = LoadsOf(arguments),
            Rate = arguments.Integer("--rate", 20_000, 1, 1_000_000),
            Steady = TimeSpan.FromSeconds(arguments.Integer("--steady", 10, 0, 600)),
            Repeat = arguments.Integer("--repeat", 1, 1, 100),
            RoundLimit = TimeSpan.FromMinutes(arguments.Integer("--limit", 10, 1, 1440)),
            Lake = arguments.Flag("--lake"),
            Peer = arguments.Flag("--peer"),
            Json = arguments.Flag("--json"),
            Server = server,
            Data = data,
        };
        problems = arguments.Problems;
        return problems.Count == 0 ? options : null;
    }

    private static List<LoadShape> LoadsOf(Arguments arguments)
    {
        var loads = new List<LoadShape>();
        foreach (var text in (arguments.Text("--load") ?? DefaultLoads).Split(','))
        {
            if (LoadShape.TryParse(text, out var shape)) loads.Add(shape);
            else arguments.Add("--load", NotALoad(text));
        }

        return loads;
    }

    private static string NotALoad(string text) => string.Create(
        CultureInfo.InvariantCulture,
        $"'{text}' is not CONNECTIONSxIN_FLIGHT, as 100x50: at most {LoadShape.MaxConnections:N0} connections, "
        + $"{LoadShape.MaxWindow:N0} in flight on each and {LoadShape.MaxInFlight:N0} in all");
}
