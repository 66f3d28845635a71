using System.Text;
using Millrace.Server.Pipeline;
using Millrace.Testing.Mqtt;

namespace Millrace.Fuzz.Targets;

/// <summary>Pipeline files with lines moved, words changed and bytes broken: each is read, or refused with a place for every mistake.</summary>
internal sealed class ConfigTarget : IFuzzTarget
{
    private static readonly string[] Words =
    [
        "", "~", "null", "-", ":", "?", "{", "}", "[", "]", "{}", "[]", "|", ">", "&a", "*a", "<<", "!!str", "%YAML 9.9", "---", "...", "\"", "'", "#", "\t",
        "0", "-1", "1e999", "99999999999999999999", "1h", "999999999999d", "9999999999GiB", "true", "SELECT * FROM '#'", "SELECT", "${x}", "${", "a.b", ".", "ä", "\uFEFF",
    ];

    private readonly List<string> _samples = [.. new[] { "demo.yaml", "everything.yaml" }.Select(Sample)];

    public string Name => "config";

    public void Run(int seed, FuzzInput input)
    {
        var random = new Random(seed);
        var lines = _samples[random.Next(_samples.Count)].Split('\n').ToList();
        for (var times = random.Next(1, 6); times > 0; times--) Change(random, lines);
        var file = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        if (random.Next(3) == 0) file = Mutation.Of(random, file, Encoding.UTF8.GetBytes(_samples[0]));
        input.Add("file", file);
        input.Add(Encoding.UTF8.GetString(file));

        var read = PipelineReader.TryRead(file, out var pipeline, out var problems);
        BrokenPromiseException.Unless(read == (problems.Count == 0), "It is read where there are no problems, and refused where there are.");
        BrokenPromiseException.Unless(read || pipeline == PipelineFile.Empty, "What has problems is not used in part.");
        BrokenPromiseException.Unless(problems.Count <= lines.Count * 20, $"There are {problems.Count} problems in {lines.Count} lines.");
        foreach (var problem in problems)
        {
            var text = problem.ToString();
            BrokenPromiseException.Unless(text.Length is > 0 and < 4096, $"A problem is to be a sentence; this one has {text.Length} characters.");
        }

        PipelineReader.TryRead(file, out var again, out var problemsAgain);
        BrokenPromiseException.Unless(problems.SequenceEqual(problemsAgain), "The same file has other problems the second time.");
        BrokenPromiseException.Unless(pipeline == again, "The same file is another pipeline the second time.");
    }

    private static void Change(Random random, List<string> lines)
    {
        if (lines.Count == 0) return;
        var at = random.Next(lines.Count);
        var line = lines[at];
        switch (random.Next(7))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(random.Next(lines.Count), line);
                break;
            case 2:
                lines[at] = new string(' ', random.Next(8)) + line.TrimStart();
                break;
            case 3:
                lines[at] = line.Insert(random.Next(line.Length + 1), Words[random.Next(Words.Length)]);
                break;
            case 4:
                var words = line.Split(' ');
                words[random.Next(words.Length)] = Words[random.Next(Words.Length)];
                lines[at] = string.Join(' ', words);
                break;
            case 5:
                (lines[at], lines[^1]) = (lines[^1], line);
                break;
            default:
                lines[at] = line[..random.Next(line.Length + 1)];
                break;
        }
    }

    private static string Sample(string name)
    {
        using var reader = new StreamReader(typeof(ConfigTarget).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
