using System.Text;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql.Hostile;

public class HostilePayloadTests
{
    private const long Mebi = 1 << 20;

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("[{\"x\":", "}]")]
    public void Deep_nesting_is_refused_wherever_it_stands(string open, string close)
    {
        foreach (var depth in new[] { 65, 100_000, 1_000_000 })
        {
            var deep = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            foreach (var sql in new[] { "SELECT a FROM '#'", "SELECT other FROM '#'", "SELECT *, 1 AS b FROM '#'", "SELECT a[0] = a AS e FROM '#'" })
            {
                var outcome = Outcome.Of(sql, $"{{\"a\":{deep}}}");
                Assert.Equal(RuleResult.Unreadable, outcome.Result);
                Assert.Contains("deep", outcome.Reason, StringComparison.Ordinal);
                Assert.InRange(outcome.Allocated, 0, Mebi);
            }
        }
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("-NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("1e")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("0x10")]
    [InlineData("--1")]
    [InlineData("'a'")]
    [InlineData("undefined")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\n\"")]
    [InlineData("\"a")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("1}{")]
    public void What_is_no_JSON_is_told_with_its_place(string value)
    {
        var outcome = Outcome.Of("SELECT n + 1 AS x FROM '#'", $"{{\"n\":{value}}}");
        Assert.Equal(RuleResult.Unreadable, outcome.Result);
        Assert.Matches("byte [0-9]+|at [0-9]+|end", outcome.Reason);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    public void Bytes_that_are_no_UTF_8_are_refused_or_handed_on_whole(byte[] broken)
    {
        byte[] payload = [.. "{\"s\":\"a"u8, .. broken, .. "b\"}"u8];
        Assert.Equal(RuleResult.Unchanged, Outcome.Of("SELECT * FROM '#'", payload).Result);
        foreach (var sql in new[] { "SELECT s FROM '#'", "SELECT upper(s) AS u FROM '#'", "SELECT other FROM '#'" })
            Assert.Equal(RuleResult.Unreadable, Outcome.Of(sql, payload).Result);
    }

    [Theory]
    [InlineData("s", 10)]
    [InlineData("upper(s) AS x", 10)]
    [InlineData("lower(other + s) AS x", 0)]
    [InlineData("length(s) AS x", 0)]
    [InlineData("md5(s) AS x", 0)]
    [InlineData("s + 'x' AS x", 10)]
    [InlineData("replace(s, 'a', 'bb') AS x", 20)]
    [InlineData("substring(s, 10, 20) AS x", 0)]
    [InlineData("encode(s, 'base64') AS x", 13)]
    [InlineData("regexp_substr(s, 'a{3}') AS x", 0)]
    [InlineData("cast([s] AS String) AS x", 10)]
    [InlineData("s = s AS x", 0)]
    [InlineData("s IN [s, 's'] AS x", 0)]
    [InlineData("cast(s AS Int) AS x", 0)]
    [InlineData("indexof(s, 'b') AS x", 0)]
    [InlineData("trim(s) AS x", 10)]
    [InlineData("transform('enrichArray', {'s': s}, [{}]) AS x", 0)]
    public void A_text_of_ten_megabytes_costs_a_few_times_its_size(string item, int megabytes)
    {
        var outcome = Outcome.Of($"SELECT {item} FROM '#'", $"{{\"s\":\"{new string('a', 10_000_000)}\"}}");
        Assert.True(outcome.Result is RuleResult.Output or RuleResult.Unreadable, outcome.Reason);
        if (outcome.Result == RuleResult.Output) Assert.InRange(outcome.Output.Length, megabytes * 1_000_000, (megabytes * 1_000_000) + 1_000_000);
        Assert.InRange(outcome.Allocated, 0, 400 * Mebi);
    }

    [Theory]
    [InlineData("n", "{\"n\":$}")]
    [InlineData("n + 1 AS x", null)]
    [InlineData("n * n AS x", null)]
    [InlineData("n % 7 AS x", null)]
    [InlineData("n = n AS x", null)]
    [InlineData("floor(n) AS x", null)]
    [InlineData("cast(n AS String) AS x", null)]
    [InlineData("trunc(n, 34) AS x", null)]
    [InlineData("bitand(n, 1) AS x", null)]
    [InlineData("chr(n) AS x", null)]
    [InlineData("lpad('a', n) AS x", null)]
    [InlineData("substring('abc', n) AS x", null)]
    [InlineData("get([1, 2], n) AS x", null)]
    [InlineData("power(n, n) AS x", null)]
    [InlineData("parse_time('yyyy', n) AS x", null)]
    public void Numbers_without_measure_cost_no_more_than_others(string item, string? output)
    {
        var digits = new string('9', 400);
        string[] numbers =
        [
            digits, $"-{digits}", $"0.{digits}", $"{digits}.{digits}", $"{digits}e-400", "1e1000000000", "1e-1000000000", "-1e999999999999999999999", "1e-999999999999999999999",
            $"0.{new string('0', 100_000)}1", $"1{new string('0', 100_000)}", $"1e{digits}", $"1e-{digits}",
        ];
        foreach (var number in numbers)
        {
            var outcome = Outcome.Of($"SELECT {item} FROM '#'", $"{{\"n\":{number}}}");
            Assert.Equal(RuleResult.Output, outcome.Result);
            if (output is not null && !number.Contains('e', StringComparison.Ordinal)) Assert.Equal(output.Replace("$", number, StringComparison.Ordinal), outcome.Text);
            else Assert.InRange(outcome.Output.Length, 0, 200_000);
            Assert.InRange(outcome.Allocated, 0, 2 * Mebi);
        }
    }

    [Fact]
    public void Of_a_name_that_is_there_a_hundred_thousand_times_the_last_counts()
    {
        var payload = $"{{{string.Join(',', Enumerable.Range(0, 100_000).Select(static i => $"\"a\":{i}"))}}}";
        Assert.Equal("{\"a\":99999}", Outcome.Of("SELECT a FROM '#'", payload).Text);
        Assert.Equal("{\"x\":true}", Outcome.Of("SELECT {'o': decode(encode(*, 'base64'), 'base64')} = {'o': {'a': 99999}} AS x FROM '#'", payload).Text);
        Assert.Equal("{\"a\":1}", Outcome.Of("SELECT *, 1 AS a FROM '#'", payload).Text);
    }

    [Theory]
    [InlineData("m99999")]
    [InlineData("get(o, 'k99999') AS x")]
    [InlineData("o = o AS x")]
    [InlineData("*, 1 AS m5")]
    [InlineData("(SELECT *, 1 AS k7 FROM o) AS x")]
    [InlineData("cast(o AS String) AS x")]
    [InlineData("[o, o, o] AS x")]
    public void A_hundred_thousand_members_are_gone_through_a_few_times(string item)
    {
        var inner = string.Join(',', Enumerable.Range(0, 100_000).Select(static i => $"\"k{i}\" : {i}"));
        var outer = string.Join(',', Enumerable.Range(0, 100_000).Select(static i => $"\"m{i}\":{i}"));
        var outcome = Outcome.Of($"SELECT {item} FROM '#'", $"{{{outer},\"o\":{{{inner}}}}}");
        Assert.Equal(RuleResult.Output, outcome.Result);
        Assert.InRange(outcome.Allocated, 0, 200 * Mebi);
    }

    [Fact]
    public void No_byte_of_a_message_ends_the_program()
    {
        var random = new Random(7);
        var payload = Encoding.UTF8.GetBytes("""{"a":[1,2.5e3,"x\u00e9\n",{"b":null}],"s":"ééé","n":-12.5,"o":{"k":[true,false]}}""");
        var rule = Rule.Compile("SELECT *, upper(s) AS u, a[3].b AS b, n * 2 AS m, (SELECT VALUE k FROM o) AS k, cast(a AS String) AS c FROM '#' WHERE NOT isUndefined(n)");
        var context = new RuleContext(TimeProvider.System, random);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])payload.Clone();
            if (random.Next(2) == 0) RandomJson.Damage(ref bytes, random);
            else bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            var result = rule.Evaluate(new Millrace.Contracts.Records.Record { Topic = "a"u8, Payload = bytes, ArrivalNs = 1 }, context, output);
            if (result == RuleResult.Output) System.Text.Json.JsonDocument.Parse(output.WrittenMemory).Dispose();
            if (result == RuleResult.Unreadable) Assert.NotEmpty(context.Reason);
        }
    }
}
