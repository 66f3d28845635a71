using System.Buffers;
using System.Text;
using Millrace.Sql.Rules;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Sql;

public class RuleMemoryTests
{
    private const string Nested =
        """{"name":"speed","value":47.4,"vin":"1NX","e":[{"n":"t\u00e9","v":22.5},{"n":"light","v":135},{"n":"acidity","v":7,"w":{"x":[1,2,3]}}],"o":{"a":1,"b":"x"}}""";

    [Theory]
    [InlineData("SELECT * FROM '#' WHERE value > 40")]
    [InlineData("SELECT vin, value * 3.6 AS kmh, upper(name) AS n, o.b, topic(2) AS t FROM '#' WHERE startswith(name, 'sp')")]
    [InlineData("SELECT *, 1 AS x, missing AS value FROM '#'")]
    [InlineData("SELECT (SELECT VALUE n FROM e WHERE v > 10) AS names, (SELECT *, v * 2 AS v FROM e) AS twice FROM '#'")]
    [InlineData("SELECT (SELECT VALUE (SELECT VALUE y.n + x.n FROM e AS y) FROM e AS x) AS pairs FROM '#'")]
    [InlineData("SELECT * FROM '#' WHERE EXISTS (SELECT * FROM e WHERE n = 'light')")]
    [InlineData("SET @k = vin + '-' + topic(1), @v = o SELECT @k AS k, @v.a AS a, (SELECT VALUE @k + n FROM e) AS all FROM '#'")]
    [InlineData("SELECT VALUE CASE name WHEN 'speed' THEN [value, vin] ELSE {'o': o} END FROM '#'")]
    [InlineData("SELECT cast(value AS String) AS s, e[2].w.x[1] AS x, 7 IN [1, 7] AS seven, {'a': o.a, 'b': [o]} AS made FROM '#'")]
    public void A_message_like_those_before_allocates_nothing(string sql)
    {
        var rule = Rule.Compile(sql);
        var payload = Encoding.UTF8.GetBytes(Nested);
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var output = new ArrayBufferWriter<byte>(4096);
        for (var i = 0; i < 100; i++) Evaluate(rule, payload, context, output);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Evaluate(rule, payload, context, output);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_template_allocates_nothing()
    {
        var options = Rule.Compile("SET @k = vin + '-' + name SELECT * FROM '#'").TemplateOptions;
        Assert.True(Template.TryCompile("cars/${@k}/${CASE o.a WHEN 1 THEN 'one' END}/${topic(2)}", options, out var template, out _));
        var payload = Encoding.UTF8.GetBytes(Nested);
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var output = new ArrayBufferWriter<byte>(4096);
        long before = 0;
        for (var i = 0; i < 200; i++)
        {
            if (i == 100) before = GC.GetAllocatedBytesForCurrentThread();
            output.ResetWrittenCount();
            Assert.True(template.TryRender(new Record { Topic = "a/b"u8, Payload = payload, ArrivalNs = 1 }, context, output));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal("cars/1NX-speed/one/b", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Work_on_long_texts_in_a_nested_SELECT_is_bounded()
    {
        var payload = Encoding.UTF8.GetBytes($$"""{"s":"{{new string('x', 1_000_000)}}","a":[{{string.Join(',', Enumerable.Repeat("1", 100_000))}}]}""");
        foreach (var item in new[] { "length(s)", "length(upper(s))", "s = s + 'x'", "s IN [s]", "length([s])" })
        {
            var (result, _) = Rule.Run($"SELECT (SELECT VALUE {item} FROM a) AS r FROM '#'", payload, "a/b", "c", out var reason);
            Assert.Equal(RuleResult.Unreadable, result);
            Assert.Contains("MiB", reason, StringComparison.Ordinal);
        }
    }

    private static void Evaluate(CompiledRule rule, byte[] payload, RuleContext context, ArrayBufferWriter<byte> output)
    {
        output.ResetWrittenCount();
        var result = rule.Evaluate(new Record { Topic = "a/b"u8, Payload = payload, ArrivalNs = 1 }, context, output);
        Assert.True(result is RuleResult.Output or RuleResult.Unchanged);
    }
}
