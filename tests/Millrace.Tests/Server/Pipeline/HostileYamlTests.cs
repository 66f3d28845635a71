using System.Text;
using Millrace.Server.Pipeline;

namespace Millrace.Tests.Server.Pipeline;

public sealed class HostileYamlTests
{
    public static TheoryData<string, byte[], string> Files => new()
    {
        { "ten megabytes", [.. Enumerable.Repeat((byte)'a', 10_000_000)], "larger than 1 MiB" },
        { "aliases that multiply", Utf8("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"), "anchors" },
        { "deep lists", Utf8(new string('[', 100_000)), "deeper than 16" },
        { "deep maps", Utf8(string.Concat(Enumerable.Repeat("{a: ", 50_000))), "deeper than 16" },
        { "deep indentation", Utf8(string.Concat(Enumerable.Range(0, 200).Select(static i => new string(' ', i) + "a:\n"))), "deeper than 16" },
        { "not UTF-8", [.. Utf8("flows:\n  a: "), 0xFF, 0xFE], "not UTF-8" },
        { "UTF-16", Encoding.Unicode.GetBytes("flows: {}"), "control character U+0000" },
        { "a zero byte", Utf8("flows: \0"), "control character U+0000" },
        { "an escape for the terminal", Utf8("flows: \u001b[2J"), "control character U+001B" },
        { "only tabs", Utf8("\t\t\t"), "" },
        { "a document that never ends", Utf8("\"abc"), "not YAML" },
    };

    [Theory, MemberData(nameof(Files))]
    public void Is_refused_with_a_reason(string what, byte[] file, string reason)
    {
        Assert.False(PipelineReader.TryRead(file, out _, out var problems) && reason.Length > 0, what);
        Assert.Contains(reason, string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_unknown_keys_are_told_in_a_hundred_lines()
    {
        var file = Utf8(string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"k{i}: 1\n")));
        PipelineReader.TryRead(file, out _, out var problems);
        Assert.InRange(problems.Count, 100, 101);
    }

    [Fact]
    public void More_flows_than_a_server_should_run_are_refused()
    {
        var file = Utf8("flows:\n" + string.Concat(Enumerable.Range(0, 1001).Select(static i => $"  f{i}: {{ sql: SELECT * FROM 'a', to: {{ live: }} }}\n")));
        PipelineReader.TryRead(file, out _, out var problems);
        Assert.Contains("1001 flows are too many", Assert.Single(problems).What, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_file_says_cannot_reach_the_terminal_as_a_command()
    {
        PipelineReader.TryRead(Utf8("\"\\e[2J\\u009b\": 1\nflows: { a: { sql: x, start: \"\\e]0;x\", to: { live: } } }"), out _, out var problems);
        Assert.NotEmpty(problems);
        Assert.DoesNotContain(string.Concat(problems), static c => char.IsControl(c));
    }

    [Fact]
    public void Any_damage_to_a_good_file_is_told_or_harmless()
    {
        var good = Utf8(DemoFile.Text());
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var damaged = good.ToArray();
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                var at = random.Next(damaged.Length);
                damaged[at] = (byte)random.Next(256);
                if (random.Next(3) == 0) damaged = [.. damaged.AsSpan(0, at), .. damaged.AsSpan(random.Next(at, damaged.Length))];
                if (damaged.Length == 0) break;
            }

            if (!PipelineReader.TryRead(damaged, out _, out var problems)) Assert.All(problems, static p => Assert.True(p is { Line: > 0, Column: > 0 }, p.ToString()));
        }
    }

    [Fact]
    public void Any_sequence_of_the_signs_of_YAML_is_told_or_harmless()
    {
        const string Signs = "{}[]:,-?#&*!|>'\"%@` \n\r\t~a1\\";
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 24)).Select(_ => Signs[random.Next(Signs.Length)])]);
            PipelineReader.TryRead(Utf8(text), out _, out _);
            PipelineReader.TryRead(Utf8("flows:\n  a: " + text), out _, out _);
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
