using System.Text;
using System.Text.Json;
using Millrace.Server.Cli;

namespace Millrace.Tests.Server.Cli;

public class RuleExplainTests
{
    [Fact]
    public async Task A_plan_tells_what_is_read_what_is_constant_and_what_is_slow()
    {
        var shell = new Shell();
        var sql = "SET @limit = 30 + 10\nSELECT vin, state.temp * (9 / 5) + 32 AS f FROM 'dt/+/t' WHERE value > @limit AND regexp_matches(vin, '^1N')";
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "explain", "--sql", sql));
        Assert.Equal(
            """
            topics    dt/+/t
            payload   must be JSON; the output is written anew
              field   value
              field   vin
              field   state.temp
            set       @limit = 30 + 10
            where     value > @limit AND regexp_matches(vin, '^1N')
            select    vin
            select    state.temp * (9 / 5) + 32 AS f
            constant  1:14: 30 + 10 is 40
            constant  2:27: 9 / 5 is 1.8
            fast      The payload is checked and read in one pass, in which its fields are found; of the last message's shape it is known where they stand.
            fast      The condition comes first; where it is not true nothing else is computed.
            fast      1 of 2 items is copied out of the payload, not parsed.
            fast      A variable is computed where it is first needed, once a message.
            slow      2:83: regexp_matches(vin, '^1N'): a regular expression looks at each character of its text; startswith(), endswith(), indexof() or replace() are faster where they suffice

            """.ReplaceLineEndings("\n"),
            shell.Out);
    }

    [Theory]
    [InlineData("SELECT * FROM 'a/b'", "any bytes; handed on untouched")]
    [InlineData("SELECT * FROM 'a/b' WHERE a > 1", "must be JSON; handed on untouched")]
    [InlineData("SELECT *, 1 AS b FROM 'a/b'", "must be a JSON object; the output is written anew")]
    [InlineData("SELECT topic() FROM 'a/b'", "any bytes; the output is written anew")]
    [InlineData("SELECT a", "none: only Basic Ingest reaches it")]
    [InlineData("SELECT 1 / 0 AS x FROM 'a/b'", "1 / 0 is Undefined")]
    [InlineData("SELECT a / b AS x FROM 'a/b'", "34 digits")]
    [InlineData("SELECT (SELECT VALUE n FROM r) AS x FROM 'a/b'", "for each element")]
    [InlineData("SELECT (SELECT VALUE (SELECT VALUE m FROM q) FROM r) AS x FROM 'a/b'", "multiply")]
    [InlineData("SELECT md5(a) FROM 'a/b'", "hashes each byte")]
    [InlineData("SELECT upper('x') AS x FROM 'a/b'", "upper('x') is \"X\"")]
    [InlineData("SELECT VALUE [1, {'a': 'b'}] FROM 'a/b'", "is [1,{\"a\":\"b\"}]")]
    public async Task Each_cost_is_told(string sql, string told)
    {
        var shell = new Shell();
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "explain", "--sql", sql));
        Assert.Contains(told, shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_the_plan_as_JSON()
    {
        var shell = new Shell();
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "explain", "--json", "--sql", "SELECT a.b, sqrt(c) AS r FROM 'x/#' WHERE d = 1 + 1"));
        using var json = JsonDocument.Parse(shell.Out);
        var root = json.RootElement;
        Assert.Equal("x/#", root.GetProperty("from").GetString());
        Assert.Equal(["d", "a.b", "c"], root.GetProperty("fields").EnumerateArray().Select(static f => f.GetString()!));
        Assert.Equal("2", root.GetProperty("constants")[0].GetProperty("value").GetString());
        Assert.Equal((1, 13), (root.GetProperty("slow")[0].GetProperty("line").GetInt32(), root.GetProperty("slow")[0].GetProperty("column").GetInt32()));
        Assert.False(root.GetProperty("passThrough").GetBoolean());
    }

    [Fact]
    public async Task What_does_not_compile_is_refused_with_its_place()
    {
        var shell = new Shell();
        Assert.Equal(Exit.Invalid, await shell.RunAsync("rule", "explain", "--sql", "SELECT a FROM"));
        Assert.StartsWith("1:14: ", shell.Error, StringComparison.Ordinal);
        Assert.Equal(Exit.Invalid, await new Shell().RunAsync("rule", "explain"));
    }

    [Theory]
    [InlineData("SELECT * FROM '#' WHERE n > 2", "WHERE is false")]
    [InlineData("SELECT * FROM '#' WHERE m.x > 2", "WHERE is Undefined, and the payload has no m.x")]
    [InlineData("SELECT * FROM '#' WHERE n + 1", "WHERE is 2, and not the Boolean true")]
    [InlineData("SELECT * FROM '#' WHERE 1 / 0 = 1", "WHERE is Undefined.")]
    public async Task Eval_tells_what_the_condition_is(string sql, string why)
    {
        var shell = new Shell { Input = Encoding.UTF8.GetBytes("""{"n":1}""") };
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "eval", "--sql", sql));
        Assert.Contains(why, shell.Error, StringComparison.Ordinal);
    }
}
