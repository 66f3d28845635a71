using System.Globalization;

namespace Millrace.Fuzz;

/// <summary>What is to be run. Read from the command line, once.</summary>
public sealed record FuzzOptions
{
    public const string Help = """
        usage: fuzz [TARGET…] [--seconds N] [--from S | --seed S]

          --seconds N   for all targets together; 60 unless told
          --from S      the first input, as each test run does; by chance unless told
          --seed S      this one input, to see a failure again
        """;

    public IReadOnlyList<IFuzzTarget> Targets { get; init; } = [];

    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>One input alone; null: as many as there is time for.</summary>
    public int? Seed { get; init; }

    /// <summary>The first of many; null: chosen by chance.</summary>
    public int? From { get; init; }

    /// <param name="args">Of the command line.</param>
    /// <param name="all">The targets that there are.</param>
    /// <param name="problem">What is wrong with them.</param>
    public static FuzzOptions? Read(string[] args, IReadOnlyList<IFuzzTarget> all, out string problem)
    {
        problem = "";
        var options = new FuzzOptions();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--seconds" or "--seed" or "--from")
            {
                var value = i + 1 < args.Length ? args[i + 1] : "";
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || (args[i] == "--seconds" && number < 1))
                {
                    problem = $"{args[i]} needs a whole number, not '{value}'.";
                    return null;
                }

                options = args[i++] switch
                {
                    "--seed" => options with { Seed = number },
                    "--from" => options with { From = number },
                    _ => options with { Time = TimeSpan.FromSeconds(number) },
                };
                continue;
            }

            var name = args[i];
            if (all.FirstOrDefault(t => t.Name == name) is not { } target)
            {
                problem = $"There is no target '{name}'; there are {string.Join(", ", all.Select(t => t.Name))}.";
                return null;
            }

            options = options with { Targets = [.. options.Targets, target] };
        }

        if (options.Targets.Count == 0) options = options with { Targets = all };
        if (options.Seed is null || options.Targets.Count == 1) return options;
        problem = "--seed needs the target that it is for.";
        return null;
    }
}
