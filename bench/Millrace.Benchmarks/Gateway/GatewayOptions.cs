using Millrace.Contracts;

namespace Millrace.Benchmarks.Gateway;

/// <summary>What <c>bench gateway</c> does. Read once, at start.</summary>
internal sealed record GatewayOptions
{
    private const int MostMessages = 100_000_000;
    private static readonly string[] Transports = ["kestrel", "epoll"];

    /// <summary>In each round; of rows where one is delivered to many, deliveries.</summary>
    public int Messages { get; private init; }

    /// <summary>Published to each broker before anything is counted.</summary>
    public int WarmUp { get; private init; }

    /// <summary>Rounds of each row; the report shows their median.</summary>
    public int Repeat { get; private init; }

    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>What drives our plain TCP connections; null for the server's own choice.</summary>
    public string? Transport { get; private init; }

    /// <summary>A round that takes longer has failed.</summary>
    public TimeSpan RoundLimit { get; private init; }

    /// <summary>Whether anything is compared.</summary>
    public bool NeedsPeer => Rows.Any(static row => row != GatewayRows.Allocations);

    public bool Json { get; private init; }

    /// <summary>Another millrace.dll than the one built beside this; null for that one.</summary>
    public string? Server { get; private init; }

    /// <summary>Where our data directories are made; what disk this is decides what an fsync costs.</summary>
    public required string Data { get; init; }

    public static string Help { get; } =
        $"""
        usage: ./dev bench gateway [options]

        The same work on this server and on mosquitto, in turns, row by row: messages a second, CPU of the broker's process, waits, memory. Ours has
        every QoS 1 and QoS 2 message on disk (fdatasync) before it acknowledges; mosquitto stores nothing. Also counts what our publish path allocates,
        and ends with code 1 where that is more than a byte per message.

          --rows LIST        names, or beginnings of names as far as a hyphen; default all:
        {string.Join('\n', GatewayRows.Names.Chunk(6).Select(static names => "                       " + string.Join(", ", names)))}
          --messages N       in each round, default 200,000; where one goes to many, deliveries
          --warm-up N        messages to each broker before anything is counted, default 100,000, again and again for 2 s
          --repeat N         rounds of each row, default 3; the report shows the median, and the spread of the ratio
          --transport NAME   kestrel or epoll: what drives our plain TCP connections; default the server's own choice
          --data DIR         where our data directories are made, default the directory for temporary files
          --server FILE      another millrace.dll
          --limit MINUTES    a round that takes longer has failed, default 5
          --json             the report as JSON

        The report goes to standard output, progress to standard error. CPU is user and system time of the broker's process, never of the load generator,
        which is a process of its own. A row that a broker does not offer is left out, with the reason.

        How QoS 0 is kept honest: behind each batch of as many messages as may be in flight goes a PINGREQ, and the next batch waits for its answer. Where
        nobody subscribed, the broker's own counts must then show every message (mosquitto's $SYS, our /metrics). Where somebody did, every message must
        arrive; at most 2,500 are on their way, so that neither has a reason to drop any.

        example: ./dev bench gateway --rows qos1,one-qos1 --messages 500000
        """;

    /// <returns>Null where a problem was found; then <paramref name="problems"/> names them all.</returns>
    public static GatewayOptions? Read(string[] args, out IReadOnlyList<Problem> problems)
    {
        var arguments = new Arguments(
            args,
            flags: ["--json"],
            options: ["--rows", "--messages", "--warm-up", "--repeat", "--transport", "--data", "--server", "--limit"]);
        var data = arguments.Text("--data") ?? Path.GetTempPath();
        if (!Directory.Exists(data)) arguments.Add("--data", $"there is no directory '{data}'");
        var server = arguments.Text("--server");
        if (server is not null && !File.Exists(server)) arguments.Add("--server", $"there is no file '{server}'");
        var transport = arguments.Text("--transport");
        if (transport is not null && !Transports.Contains(transport)) arguments.Add("--transport", $"'{transport}' is neither kestrel nor epoll");

        var options = new GatewayOptions
        {
            Messages = arguments.Integer("--messages", 200_000, 1000, MostMessages),
            WarmUp = arguments.Integer("--warm-up", 100_000, 1000, MostMessages),
            Repeat = arguments.Integer("--repeat", 3, 1, 100),
            Rows = RowsOf(arguments),
            Transport = transport,
            RoundLimit = TimeSpan.FromMinutes(arguments.Integer("--limit", 5, 1, 1440)),
            Json = arguments.Flag("--json"),
            Server = server,
            Data = data,
        };
        problems = arguments.Problems;
        return problems.Count == 0 ? options : null;
    }

    private static List<string> RowsOf(Arguments arguments)
    {
        if (arguments.Text("--rows") is not { } text) return [.. GatewayRows.Names];
        var wanted = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var unknown in wanted.Where(static w => !GatewayRows.Names.Any(name => GatewayRows.Matches(name, w))))
            arguments.Add("--rows", $"there is no row '{unknown}'; there are {string.Join(", ", GatewayRows.Names)}");
        return [.. GatewayRows.Names.Where(name => wanted.Any(w => GatewayRows.Matches(name, w)))];
    }
}
