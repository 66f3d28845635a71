using System.Buffers;
using System.Globalization;
using System.Text;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Windows;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Sql;

public sealed class WindowSqlTests
{
    private static readonly RuleSqlOptions Grouped = RuleSqlOptions.Default with { Windows = new WindowSqlOptions() };

    [Theory]
    [InlineData("avg(v)", "2")]
    [InlineData("sum(v)", "6")]
    [InlineData("count(*)", "4")]
    [InlineData("count(v)", "3")]
    [InlineData("count(distinct s)", "3")]
    [InlineData("COUNT(DISTINCT upper(s))", "2")]
    [InlineData("min(v)", "1")]
    [InlineData("max(v)", "3")]
    [InlineData("max(s)", "\"b\"")]
    [InlineData("first(v)", "1")]
    [InlineData("last(v)", "2")]
    [InlineData("stddev(v)", "1")]
    [InlineData("max(v) - min(v)", "2")]
    [InlineData("round(avg(v * 10) / 3)", "7")]
    [InlineData("sum(v + 0.1)", "6.3")]
    [InlineData("first(topic(2))", "\"t\"")]
    [InlineData("window_start()", "60000")]
    [InlineData("window_end() - window_start()", "60000")]
    [InlineData("sum(nothing)", null)]
    [InlineData("count(nothing)", "0")]
    [InlineData("upper(k) + '!'", "\"A!\"")]
    [InlineData("[k, count(*)]", "[\"a\",4]")]
    [InlineData("{'n': count(*)}", "{\"n\":4}")]
    [InlineData("k = 'a' AND count(*) > 3", "true")]
    [InlineData("cast(sum(v) AS String)", "\"6\"")]
    public void An_item_is_computed_of_the_window(string item, string? expected)
    {
        var row = Row(
            $"SELECT {item} AS r FROM 'a/#' GROUP BY k, tumbling('1m')",
            """{"k":"a","v":1,"s":"a"}""", """{"k":"a","v":3,"s":"b"}""", """{"k":"a","s":"B"}""", """{"k":"a","v":2,"s":"b"}""");
        Assert.Equal(expected is null ? "{}" : $$"""{"r":{{expected}}}""", row);
    }

    [Theory]
    [InlineData("[1,2,3,4]", "2.5", "1.2909944487358056")]
    [InlineData("[0.1,0.2,0.3]", "0.2", "0.1")]
    [InlineData("[10000000000000001,10000000000000002,10000000000000003]", "10000000000000002", "1")]
    [InlineData("[\"1.5\",\"2.5\",\"none\"]", "2", "0.7071067811865476")]
    public void Sums_are_exact_decimals(string values, string mean, string deviation)
    {
        var messages = values[1..^1].Split(',').Select(static value => $$"""{"v":{{value}}}""").ToArray();
        Assert.Equal($$"""{"m":{{mean}},"d":{{deviation}}}""", Row("SELECT avg(v) AS m, stddev(v) AS d FROM 'a/#' GROUP BY tumbling('1m')", messages));
    }

    [Fact]
    public void Names_of_items_are_those_of_the_statement() =>
        Assert.Equal("""{"k":"a","b":7,"max":2}""", Row("SELECT k, o.b, max(v) FROM 'a/#' GROUP BY k, o.b, hopping('1m', '10s')", """{"k":"a","o":{"b":7},"v":2}"""));

    [Fact]
    public void Equal_values_are_one_group_however_they_are_written()
    {
        var reader = Compile("SELECT k FROM 'a/#' GROUP BY k, tumbling('1m')", out var rule).NewReader();
        Assert.Equal(KeyOf(rule, reader, """{"k":1.0}"""), KeyOf(rule, reader, """{"k":1e0}"""));
        Assert.Equal(KeyOf(rule, reader, """{"k":"a"}"""), KeyOf(rule, reader, """{"k":"\u0061"}"""));
        Assert.NotEqual(KeyOf(rule, reader, """{"k":1}"""), KeyOf(rule, reader, """{"k":"1"}"""));
        Assert.NotEqual(KeyOf(rule, reader, """{"k":null}"""), KeyOf(rule, reader, "{}"));
    }

    [Theory]
    [InlineData("""{"k":"V1","b":2}""", "V1/2")]
    [InlineData("""{"k":"a\"b","b":true}""", "a\"b/true")]
    [InlineData("{}", "/")]
    public void A_key_has_a_text(string message, string expected)
    {
        var reader = Compile("SELECT k FROM 'a/#' GROUP BY k, b, tumbling('1m')", out var rule).NewReader();
        var text = new ArrayBufferWriter<byte>();
        WindowPlan.WriteKeyText(KeyOf(rule, reader, message), text);
        Assert.Equal(expected, Encoding.UTF8.GetString(text.WrittenSpan));
    }

    [Fact]
    public void Above_512_values_a_distinct_count_is_an_estimate()
    {
        var messages = Enumerable.Range(0, 20_000).Select(static i => $$"""{"v":{{i % 10_000}}}""").ToArray();
        var row = Row("SELECT count(distinct v) AS n FROM 'a/#' GROUP BY tumbling('1m')", messages);
        Assert.InRange(int.Parse(row[5..^1], CultureInfo.InvariantCulture), 9_500, 10_500);
    }

    [Theory]
    [InlineData("SELECT vin, v FROM 't' GROUP BY vin, tumbling('1m')", 13, "v is neither a group key nor in an aggregate")]
    [InlineData("SELECT a.b FROM 't' GROUP BY tumbling('1m')", 8, "a.b is neither")]
    [InlineData("SELECT * FROM 't' GROUP BY tumbling('1m')", 8, "select group keys and aggregates")]
    [InlineData("SELECT count(*) AS n FROM 't' GROUP BY vin", 31, "tumbling('1m')")]
    [InlineData("SELECT avg(v) FROM 't'", 8, "GROUP BY vin, tumbling('1m')")]
    [InlineData("SELECT window_start() FROM 't'", 8, "GROUP BY")]
    [InlineData("SELECT avg(v) AS a FROM 't' WHERE max(v) > 1 GROUP BY tumbling('1m')", 35, "WHERE looks at one message")]
    [InlineData("SELECT avg(max(v)) FROM 't' GROUP BY tumbling('1m')", 12, "cannot stand in each other")]
    [InlineData("SELECT topic() AS t FROM 't' GROUP BY tumbling('1m')", 8, "first(topic())")]
    [InlineData("SELECT sum(*) FROM 't' GROUP BY tumbling('1m')", 12, "count(*)")]
    [InlineData("SELECT sum(distinct v) FROM 't' GROUP BY tumbling('1m')", 12, "count(distinct x)")]
    [InlineData("SELECT sum(a, b) FROM 't' GROUP BY tumbling('1m')", 8, "takes 1 argument")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY tumbling('1m'), session('1m')", 51, "one window")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY tumbling(60)", 44, "in quotes")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY tumbling('1 week')", 44, "is not a time")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY tumbling('0s')", 44, "zero")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY tumbling('400d')", 44, "366d")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY hopping('1m')", 35, "the step")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY hopping('1m', '2m')", 49, "longer than the size")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY hopping('1h', '1s')", 49, "1000 windows")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY 1, tumbling('1m')", 35, "constant")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY a, a, tumbling('1m')", 38, "twice")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY max(a), tumbling('1m')", 35, "grouped by")]
    [InlineData("SELECT count(*) FROM 't' GROUP tumbling('1m')", 32, "BY")]
    [InlineData("SELECT count(*) FROM 't' GROUP BY tumbling('1m') HAVING count(*) > 1", 50, "HAVING")]
    [InlineData("SELECT nosuch(count(*)) AS n FROM 't' GROUP BY tumbling('1m')", 8, "no function nosuch()")]
    [InlineData("SELECT length(distinct v) AS n FROM 't' GROUP BY tumbling('1m')", 15, "DISTINCT")]
    public void What_cannot_be_computed_of_a_window_is_refused_where_it_stands(string sql, int column, string reason)
    {
        Assert.False(RuleSql.TryCompile(sql, Grouped, out _, out var error), sql);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(column, error.Column);
    }

    [Fact]
    public void Where_nobody_keeps_windows_they_are_refused()
    {
        Assert.False(RuleSql.TryCompile("SELECT count(*) FROM 't' GROUP BY tumbling('1m')", out _, out var error));
        Assert.Contains("needs a flow", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layout_is_that_of_the_state_and_not_of_the_text()
    {
        var one = Compile("SELECT vin, avg(v) AS a FROM 't' GROUP BY vin, tumbling('1m')", out _).Layout;
        Assert.Equal(one, Compile("SELECT AVG( v )*2 AS b, upper(vin) AS c FROM 'u' WHERE v > 1 GROUP BY vin, TUMBLING('60s')", out _).Layout);
        Assert.NotEqual(one, Compile("SELECT vin, avg(v) AS a FROM 't' GROUP BY vin, tumbling('2m')", out _).Layout);
        Assert.NotEqual(one, Compile("SELECT vin, sum(v) AS a FROM 't' GROUP BY vin, tumbling('1m')", out _).Layout);
        Assert.NotEqual(one, Compile("SELECT avg(v) AS a FROM 't' GROUP BY vin2, tumbling('1m')", out _).Layout);
    }

    private static WindowPlan Compile(string sql, out CompiledRule rule)
    {
        Assert.True(RuleSql.TryCompile(sql, Grouped, out var compiled, out var error), $"{sql}: {error}");
        rule = compiled;
        return compiled.Windows!;
    }

    private static byte[] KeyOf(CompiledRule rule, WindowRowReader reader, string message)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(RuleResult.Output, rule.Evaluate(new Record { Topic = "a/t"u8, Payload = Encoding.UTF8.GetBytes(message) }, new RuleContext(TimeProvider.System), output));
        Assert.True(reader.TryRead(output.WrittenSpan, out var row, out var problem), problem);
        return row.Key.ToArray();
    }

    /// <summary>The row of a window that messages fill, each after the other, half of them in a window that is written, read, and merged.</summary>
    private static string Row(string sql, params string[] messages)
    {
        var plan = Compile(sql, out var rule);
        var reader = plan.NewReader();
        var context = new RuleContext(TimeProvider.System);
        var output = new ArrayBufferWriter<byte>();
        GroupValues[] halves = [plan.NewValues(), plan.NewValues()];
        byte[] key = [];
        for (var i = 0; i < messages.Length; i++)
        {
            output.ResetWrittenCount();
            var record = new Record { Topic = "a/t"u8, Payload = Encoding.UTF8.GetBytes(messages[i]) };
            Assert.Equal(RuleResult.Output, rule.Evaluate(record, context, output));
            Assert.True(reader.TryRead(output.WrittenSpan, out var row, out var problem), problem);
            halves[i % 2].Add(row, new RowOrder(i, i, 0, i));
            key = row.Key.ToArray();
        }

        var bytes = new MemoryStream();
        halves[1].Write(new BinaryWriter(bytes));
        var read = plan.NewValues();
        read.Read(new BinaryReader(new MemoryStream(bytes.ToArray())));
        halves[0].Merge(read);
        output.ResetWrittenCount();
        Assert.True(plan.TryEmit(key, halves[0], 60_000_000_000, 120_000_000_000, context, output), context.Reason);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
