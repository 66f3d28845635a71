using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Engines;
using Millrace.Benchmarks.Series.Questions;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Series;

/// <summary>What <c>bench series</c> does. Read once, at start.</summary>
internal sealed record SeriesBenchOptions
{
    public required DataShape Shape { get; init; }

    /// <summary>Names; ours first, where it is among them. None: only the growth.</summary>
    public required IReadOnlyList<string> Engines { get; init; }

    public required IReadOnlyList<Question> Questions { get; init; }

    /// <summary>Random parameters of each question.</summary>
    public int Sets { get; private init; }

    public int Rounds { get; private init; }

    /// <summary>Also ours with ten times the history.</summary>
    public bool Growth { get; private init; }

    /// <summary>Data stays below <see cref="Data"/>, and what is there already is used.</summary>
    public bool Keep { get; private init; }

    /// <summary>Only show what would be asked.</summary>
    public bool Print { get; private init; }

    /// <summary>Gets the report as JSON, too.</summary>
    public string? JsonFile { get; private init; }

    /// <summary>Another millrace.dll than the one built beside this; null for that one.</summary>
    public string? Server { get; private init; }

    /// <summary>Where data directories are made.</summary>
    public required string Data { get; init; }

    public static string Help { get; } =
        $"""
        usage: ./dev bench series [options]

        The data and queries of the Time Series Benchmark Suite's IoT case: trucks that send readings and diagnostics, some rows lost, late or with a value
        or a tag missing. The same rows go to this server and to PostgreSQL, ClickHouse and InfluxDB, one after the other; then all answer the same queries
        in turns. Answers must be equal before anything is timed. Ends with code 1 where they are not, or where a target is missed.

          --scale N          trucks, default 1,000
          --days N           of history, default 1; or --hours N
          --interval S       seconds from one row of a truck to the next, default 10
          --seed N           of all chance, default 123
          --engines LIST     of {string.Join(", ", EngineKinds.Names)}; default all; none is for --growth alone
          --queries LIST     default all:
        {string.Join('\n', QuestionList.All.Chunk(4).Select(static some => "                       " + string.Join(", ", some.Select(static q => q.Name))))}
          --sets N           random parameters of each query, default 3
          --rounds N         in which each engine answers each of them, default 5; quick queries up to 50
          --growth           ours also with ten times the history: queries about the last hour must take as long
          --keep             data stays, below millrace-bench-series in the data directory, and is used again by the next run with --keep
          --print            only shows what each engine is asked
          --data DIR         where data directories are made, default the directory for temporary files
          --server FILE      another millrace.dll
          --json FILE        the report as JSON, too

        The report goes to standard output, progress to standard error. Rows go in by each engine's bulk protocol over two connections: COPY, INSERT over
        HTTP, line protocol, CSV over HTTP. CPU is of the engine's processes, never of this one. Times are from question to the last byte of the answer, over
        connections that are open already. What InfluxQL cannot say is finished by the client, outside the time, or left out.

        example: ./dev bench series --scale 100 --hours 3
                 ./dev bench series --keep --engines ours --queries last-loc,truck-rows      quickly again, against kept answers
                 ./dev bench series --scale 1000 --interval 60 --engines none --growth
        """;

    /// <returns>Null where a problem was found; then <paramref name="problems"/> names them all.</returns>
    public static SeriesBenchOptions? Read(string[] args, out IReadOnlyList<Problem> problems)
    {
        var arguments = new Arguments(
            args,
            flags: ["--growth", "--keep", "--print"],
            options: ["--scale", "--days", "--hours", "--interval", "--seed", "--engines", "--queries", "--sets", "--rounds", "--data", "--server", "--json"]);
        var data = arguments.Text("--data") ?? Path.GetTempPath();
        if (!Directory.Exists(data)) arguments.Add("--data", $"there is no directory '{data}'");
        var server = arguments.Text("--server");
        if (server is not null && !File.Exists(server)) arguments.Add("--server", $"there is no file '{server}'");
        var json = arguments.Text("--json");
        if (json is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(json)))) arguments.Add("--json", $"there is no directory for '{json}'");
        if (arguments.Text("--days") is not null && arguments.Text("--hours") is not null) arguments.Add("--hours", "and --days say the same: give one of them");

        var days = arguments.Integer("--days", 1, 1, 3650);
        var options = new SeriesBenchOptions
        {
            Shape = new DataShape(
                arguments.Integer("--scale", 1000, 1, 1_000_000),
                arguments.Integer("--hours", days * 24, 1, 24 * 3650),
                arguments.Integer("--interval", 10, 1, 3600),
                arguments.Integer("--seed", 123, 0, int.MaxValue)),
            Engines = List(arguments, "--engines", EngineKinds.Names, static name => name),
            Questions = List(arguments, "--queries", QuestionList.All, static question => question.Name),
            Sets = arguments.Integer("--sets", 3, 1, 100),
            Rounds = arguments.Integer("--rounds", 5, 1, 1000),
            Growth = arguments.Flag("--growth"),
            Keep = arguments.Flag("--keep"),
            Print = arguments.Flag("--print"),
            JsonFile = json,
            Server = server,
            Data = Path.GetFullPath(data),
        };
        problems = arguments.Problems;
        return problems.Count == 0 ? options : null;
    }

    private static List<T> List<T>(Arguments arguments, string option, IReadOnlyList<T> all, Func<T, string> nameOf)
    {
        if (arguments.Text(option) is not { } text) return [.. all];
        if (text == "none") return [];
        var wanted = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var unknown in wanted.Where(w => !all.Any(one => nameOf(one) == w)))
            arguments.Add(option, $"there is no '{unknown}'; there are {string.Join(", ", all.Select(nameOf))}");
        return [.. all.Where(one => wanted.Contains(nameOf(one)))];
    }
}
