using System.Text;

namespace Millrace.Tests.Sql.Functions;

public class RegexFunctionTests
{
    [Theory]
    [InlineData("regexp_matches('aaaa', 'a{2,}')", "true")]
    [InlineData("regexp_matches('aaaa', 'b')", "false")]
    [InlineData("regexp_matches(12345, '34')", "true")]
    [InlineData("regexp_matches([1, 2], '^\\[1,2\\]$')", "true")]
    [InlineData("regexp_matches(nul, 'a')", null)]
    [InlineData("regexp_matches('a', nul)", null)]
    [InlineData("regexp_matches('a', '(')", null)]
    [InlineData("regexp_matches('a', p)", null)]
    [InlineData("regexp_matches('a', '[')", null)]
    [InlineData("regexp_matches('a', '*a')", null)]
    [InlineData("regexp_substr('hihihello', 'hi')", "\"hi\"")]
    [InlineData("regexp_substr('hihihello', '(hi)*')", "\"hihi\"")]
    [InlineData("regexp_substr('hello', 'x')", null)]
    [InlineData("regexp_substr('a😀€', '[^a]+')", "\"😀€\"")]
    [InlineData("regexp_replace('abcd', 'b(.*)d', '$1')", "\"ac\"")]
    [InlineData("regexp_replace('abcabc', 'b', 'x')", "\"axcaxc\"")]
    [InlineData("regexp_replace('abc', 'x', 'y')", "\"abc\"")]
    [InlineData("regexp_replace('abc', '(?<n>b)', '[${n}]')", "\"a[b]c\"")]
    [InlineData("regexp_replace('abc', 'b', '\\$1')", "\"a$1c\"")]
    [InlineData("regexp_replace('abc', 'b', '$1')", null)]
    [InlineData("regexp_replace('abc', 'b', '$')", null)]
    [InlineData("regexp_replace('abc', '(b)', '$12')", "\"ab2c\"")]
    [InlineData("regexp_replace('abc', '(b)|(x)', '[$2]')", "\"a[]c\"")]
    [InlineData("regexp_replace('abc', '', '-')", "\"-a-b-c-\"")]
    [InlineData("regexp_replace(nul, 'b', 'c')", null)]
    [InlineData("regexp_replace('a1b2', '\\d', '#')", "\"a#b#\"")]
    [InlineData("regexp_matches('a\\tb', 'a\\tb')", "false")]
    public void Patterns_are_looked_for_everywhere(string expression, string? expected) => Assert.Equal(expected, Rule.Value(expression));

    [Theory]
    [InlineData(@"\d", "٣", "false")]
    [InlineData(@"\D", "٣", "true")]
    [InlineData(@"\w", "é", "false")]
    [InlineData(@"[\w-]", "-", "true")]
    [InlineData(@"^[\D]$", "٣", "true")]
    [InlineData(@"^[^\d]$", "3", "false")]
    [InlineData(@"\s", "\u00A0", "false")]
    [InlineData(@"\h", "\u00A0", "true")]
    [InlineData(@"^\S+$", "ab", "true")]
    [InlineData(@"^a.b$", "a\rb", "false")]
    [InlineData(@"(?s)^a.b$", "a\rb", "true")]
    [InlineData(@"(?i)ABC", "abc", "true")]
    [InlineData(@"^\p{Alpha}+$", "abc", "true")]
    [InlineData(@"^\p{Alpha}+$", "é", "false")]
    [InlineData(@"^[\p{Digit}a]+$", "1a", "true")]
    [InlineData(@"^\P{Upper}+$", "abc", "true")]
    [InlineData(@"^\p{Lu}$", "É", "true")]
    [InlineData(@"^\p{IsLu}$", "É", "true")]
    [InlineData(@"^\pL$", "é", "true")]
    [InlineData(@"\Qa.b\E", "a.b", "true")]
    [InlineData(@"\Qa.b\E", "axb", "false")]
    [InlineData(@"^\x{20AC}$", "€", "true")]
    [InlineData(@"^a\Rb$", "a\r\nb", "true")]
    [InlineData(@"(?<=a)b", "ab", "true")]
    [InlineData(@"(a)\1", "aa", "true")]
    [InlineData(@"a(?!b)", "ab", "false")]
    [InlineData(@"^[]a]$", "]", "true")]
    public void Patterns_are_Java_s(string pattern, string text, string expected)
    {
        var payload = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["p"] = pattern, ["t"] = text });
        Assert.Equal(expected, new Call { Payload = payload }.Value("regexp_matches(t, p)"));
        if (!pattern.Contains('\'', StringComparison.Ordinal))
            Assert.Equal(expected, new Call { Payload = payload }.Value($"regexp_matches(t, '{pattern}')"));
    }

    [Theory]
    [InlineData("a++", "possessive")]
    [InlineData("[a[b]]", "class of characters in another")]
    [InlineData("[a&&b]", "in common")]
    [InlineData("a{100000}", "up to 1000")]
    [InlineData(@"\X", "not supported")]
    public void What_Java_has_and_we_have_not_is_refused(string pattern, string message)
    {
        var error = new Call().Refuse($"regexp_matches('a', '{pattern}')");
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(28, error.Column);
    }

    [Theory]
    [InlineData("(a*)*b")]
    [InlineData("(a|a)*b")]
    [InlineData("(a|aa)+$b")]
    [InlineData("(.*)*(.*)*(.*)*b")]
    public void A_pattern_that_goes_back_and_forth_elsewhere_is_done_at_once(string pattern) =>
        Assert.Equal("false", new Call { Payload = Text("a", 5000) }.Value($"regexp_matches(t, '{pattern}')"));

    [Fact]
    public void A_search_that_does_not_end_fails_the_message_and_not_the_flow()
    {
        var call = new Call { Payload = Text("a", 5000) };
        Assert.Contains("250 ms", call.Failure("regexp_matches(t, '(?=x|.)(a|a)*b')"), StringComparison.Ordinal);
        Assert.Equal("true", call.Value("regexp_matches(t, 'a')"));
    }

    [Theory]
    [InlineData("((a{900}){900}){900}")]
    [InlineData("(((a?){50}){50}){50}")]
    [InlineData("(x+x+)+y")]
    public void Patterns_that_come_with_messages_cost_a_bounded_time(string pattern)
    {
        var payload = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["p"] = pattern, ["t"] = new string('x', 3000) });
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var call = new Call { Payload = payload };
        var record = new Millrace.Contracts.Records.Record { Topic = "t"u8, Payload = payload };
        call.Compile("regexp_matches(t, p)").Evaluate(record, call.Context, new System.Buffers.ArrayBufferWriter<byte>());
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
    }

    [Fact]
    public void Of_many_patterns_each_is_found_again()
    {
        var call = new Call { Payload = Encoding.UTF8.GetBytes("""{"a":"x7y"}""") };
        for (var i = 0; i < 300; i++) Assert.Equal(i % 10 == 7 ? "true" : "false", call.Value($"regexp_matches(a, '[{i % 10}]' + '(|{i})')"));
    }

    private static byte[] Text(string letter, int count) =>
        Encoding.UTF8.GetBytes($$"""{"t":"{{string.Concat(Enumerable.Repeat(letter, count))}}"}""");
}
