using Millrace.Contracts;

namespace Millrace.Benchmarks.Rules;

/// <summary>What <c>bench rules</c> does. Read once, at start.</summary>
internal sealed record RulesOptions
{
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>Turns of each row: in each, all contenders work once.</summary>
    public int Rounds { get; private init; }

    /// <summary>Of each contender in each round.</summary>
    public int Messages { get; private init; }

    public bool Json { get; private init; }

    public static string Help { get; } =
        $"""
        usage: ./dev bench rules [options]

        What a rule costs for a message, from topic and payload to output: nanoseconds and bytes allocated, beside the same work written by hand for this one
        statement with Utf8JsonReader, and with JsonNode. All three must first give the same outputs for all messages. They work in turns, in this process,
        in many short rounds. Nanoseconds are of CPU, by the thread's own clock, so that it hardly matters what else the machine does; what it does to caches and
        frequency falls on all three, and the ratios stay.

          --rows LIST     default all:
        {string.Join('\n', RulesRows.All.Select(static row => $"                    {row.Name,-16}{row.Title}"))}
          --rounds N      turns of each row, default 60
          --messages N    of each contender in each round, default 10,000
          --json          the report as JSON

        Ends with code 1 where a row of ours allocates, takes longer than JsonNode by hand (median of the rounds' ratios), or where a thousand rules take
        more than twice the time of one.

        example: ./dev bench rules --rows select-all,rules-1000 --rounds 200
        """;

    /// <returns>Null where a problem was found; then <paramref name="problems"/> names them all.</returns>
    public static RulesOptions? Read(string[] args, out IReadOnlyList<Problem> problems)
    {
        var arguments = new Arguments(args, flags: ["--json"], options: ["--rows", "--rounds", "--messages"]);
        var options = new RulesOptions
        {
            Rows = RowsOf(arguments),
            Rounds = arguments.Integer("--rounds", 60, 3, 100_000),
            Messages = arguments.Integer("--messages", 10_000, 100, 10_000_000),
            Json = arguments.Flag("--json"),
        };
        problems = arguments.Problems;
        return problems.Count == 0 ? options : null;
    }

    private static List<string> RowsOf(Arguments arguments)
    {
        var names = RulesRows.All.Select(static row => row.Name).ToList();
        if (arguments.Text("--rows") is not { } text) return names;
        var wanted = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var name in wanted.Except(names)) arguments.Add("--rows", $"there is no row '{name}'; there are {string.Join(", ", names)}");
        return [.. names.Where(wanted.Contains)];
    }
}
