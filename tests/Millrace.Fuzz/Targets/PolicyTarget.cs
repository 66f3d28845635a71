using System.Net;
using System.Text;
using Millrace.Devices.Policies;
using Millrace.Testing.Mqtt;

namespace Millrace.Fuzz.Targets;

/// <summary>Policy documents with words and bytes changed: read, or refused with the reasons. And their patterns, against matching done slowly.</summary>
internal sealed class PolicyTarget : IFuzzTarget
{
    private static readonly string[] Words =
    [
        "\"Allow\"", "\"Deny\"", "\"iot:Publish\"", "\"iot:*\"", "\"*\"", "\"Action\"", "\"NotAction\"", "\"Condition\"", "{}", "[]", "[", "}", "null", "1e999", "\"\\ud800\"",
        "\"${iot:ClientId}\"", "\"${\"", "\"arn:aws:iot:*:*:topic/**?\"", "\"arn:::::\"", "\"10.0.0.0/99\"", "\"\"", "true",
    ];

    private static readonly string[] Names = ["a", "a/b", "secret/x", "b1", "#", "+/a", "ä", "", "arn:aws:iot:::topic/a"];

    private readonly string _sample = Sample();

    public string Name => "policy";

    public void Run(int seed, FuzzInput input)
    {
        var random = new Random(seed);
        CheckPattern(random, input);
        var bytes = Encoding.UTF8.GetBytes(Changed(random));
        if (random.Next(3) == 0) bytes = Mutation.Of(random, bytes, Encoding.UTF8.GetBytes(_sample));
        var text = Encoding.UTF8.GetString(bytes);
        input.Add(text);
        var read = PolicyDocument.TryParse(text, out var document, out var problems);
        BrokenPromiseException.Unless(read == (problems.Count == 0), "It is read where there are no problems, and refused where there are.");
        BrokenPromiseException.Unless(problems.All(p => p.ToString().Length < 4096), "A problem is to be a sentence.");
        if (document is null) return;

        var ruling = Ruling.For([document], new RequestContext { ClientId = "a", SourceIp = IPAddress.Parse("10.1.2.3"), Things = ["a"] });
        foreach (var action in (PolicyActions[])[PolicyActions.Publish, PolicyActions.Receive, PolicyActions.Subscribe, PolicyActions.RetainPublish])
            foreach (var name in Names)
            {
                var allows = ruling.Allows(action, Encoding.UTF8.GetBytes(name));
                if (ruling.Always(action) is { } always && name.Length > 0) BrokenPromiseException.Unless(allows == always, $"{action} is always {always}, but not for '{name}'.");
            }
    }

    private static void CheckPattern(Random random, FuzzInput input)
    {
        byte[] pattern = [.. Enumerable.Range(0, random.Next(12)).Select(_ => new[] { Glob.Run, Glob.One, (byte)'a', (byte)'b' }[random.Next(4)])];
        byte[] text = [.. Enumerable.Range(0, random.Next(12)).Select(_ => (byte)"ab"[random.Next(2)])];
        input.Add("pattern", pattern);
        input.Add("text", text);
        BrokenPromiseException.Unless(Glob.Matches(pattern, text) == Matches(pattern, text), "The pattern does not match as it does slowly.");
    }

    private static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        if (pattern.IsEmpty) return text.IsEmpty;
        if (pattern[0] == Glob.Run) return Matches(pattern[1..], text) || (!text.IsEmpty && Matches(pattern, text[1..]));
        return !text.IsEmpty && (pattern[0] == Glob.One || pattern[0] == text[0]) && Matches(pattern[1..], text[1..]);
    }

    private string Changed(Random random)
    {
        var words = _sample.Split(' ').ToList();
        for (var times = random.Next(6); times > 0; times--)
        {
            var at = random.Next(words.Count);
            var word = random.Next(2) == 0 ? Words[random.Next(Words.Length)] : words[random.Next(words.Count)];
            if (random.Next(3) == 0) words.Insert(at, word);
            else words[at] = word;
        }

        return string.Join(' ', words);
    }

    private static string Sample()
    {
        using var reader = new StreamReader(typeof(PolicyTarget).Assembly.GetManifestResourceStream("policy.json")!);
        return reader.ReadToEnd();
    }
}
