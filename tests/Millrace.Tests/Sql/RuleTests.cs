using System.Text;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql;

public class RuleTests
{
    [Theory]
    [InlineData("not JSON at all")]
    [InlineData("")]
    [InlineData("[1,2]")]
    [InlineData("{ \"a\" : 1.50 }")]
    public void A_star_alone_passes_any_bytes_unchanged(string payload)
    {
        var rule = Rule.Compile("SELECT * FROM 'a/b'");
        Assert.True(rule.IsPassThrough);
        Assert.Equal((RuleResult.Unchanged, payload), Rule.Run("SELECT * FROM 'a/b'", payload));
        Assert.Equal((RuleResult.Unchanged, payload), Rule.Run("SELECT * FROM 'a/b' WHERE timestamp() % 1 = 0", payload));
    }

    [Theory]
    [InlineData("value > 40", RuleResult.Unchanged)]
    [InlineData("value > 47.4", RuleResult.NotFired)]
    [InlineData("value >= 47.4 AND name = 'speed'", RuleResult.Unchanged)]
    [InlineData("missing > 1", RuleResult.NotFired)]
    [InlineData("NOT (missing > 1)", RuleResult.NotFired)]
    [InlineData("name", RuleResult.NotFired)]
    [InlineData("'true'", RuleResult.NotFired)]
    [InlineData("1", RuleResult.NotFired)]
    [InlineData("true OR missing", RuleResult.NotFired)]
    [InlineData("true OR 'false'", RuleResult.Unchanged)]
    [InlineData("name IN ['rpm', 'speed']", RuleResult.Unchanged)]
    [InlineData("name NOT IN ['rpm']", RuleResult.Unchanged)]
    [InlineData("topic(2) = 'b' AND clientid() = 'c1'", RuleResult.Unchanged)]
    [InlineData("vin <> 7", RuleResult.Unchanged)]
    [InlineData("vin = 7", RuleResult.NotFired)]
    public void Only_Boolean_true_fires(string condition, RuleResult expected) =>
        Assert.Equal(expected, Rule.Run($"SELECT * FROM 'a/b' WHERE {condition}", Rule.Speed).Result);

    [Theory]
    [InlineData("SELECT *, 15 AS speed", """{"a":1}""", """{"a":1,"speed":15}""")]
    [InlineData("SELECT *, 2 AS a", """{"a":1,"b":3}""", """{"b":3,"a":2}""")]
    [InlineData("SELECT *, missing AS a", """{"a":1,"b":3}""", """{"a":1,"b":3}""")]
    [InlineData("SELECT 2 AS a, *", """{"a":1,"b":3}""", """{"a":1,"b":3}""")]
    [InlineData("SELECT 2 AS c, *", """{"a":1,"b":3}""", """{"c":2,"a":1,"b":3}""")]
    [InlineData("SELECT *, 1 AS x", "{}", """{"x":1}""")]
    [InlineData("SELECT *, missing AS x", "{}", "{}")]
    [InlineData("SELECT *, 2 AS a", """{"a":1}""", """{"a":2}""")]
    [InlineData("SELECT *, 2 AS \"é\"", """{"\u00e9":1}""", """{"é":2}""")]
    [InlineData("SELECT *, 1 AS x", """ { "a" : 1.50 , "b" : "\u00e9" } """, """{"a" : 1.50 , "b" : "\u00e9","x":1}""")]
    [InlineData("SELECT *, 2 AS 'a.b', 3 AS 'c..', 4 AS a.b", """{"a.b":1,"a":{"b":0}}""", """{"a.b":2,"c..":3,"a":{"b":4}}""")]
    [InlineData("SELECT a, b AS a", """{"a":1,"b":2}""", """{"a":2}""")]
    [InlineData("SELECT a, missing AS a", """{"a":1}""", """{"a":1}""")]
    [InlineData("SELECT a AS x.y, b AS x.z, a AS w", """{"a":1,"b":2}""", """{"x":{"y":1,"z":2},"w":1}""")]
    [InlineData("SELECT m AS x.y, a AS w", """{"a":1}""", """{"w":1}""")]
    [InlineData("SELECT m AS x.y, m AS x.z", """{"a":1}""", "{}")]
    [InlineData("SELECT * AS all, 1 AS k", """ {"a": 1} """, """{"all":{"a": 1},"k":1}""")]
    [InlineData("SELECT * AS all", "[1, 2]", """{"all":[1, 2]}""")]
    [InlineData("SELECT a.b.c, upper(name)", """{"a":{"b":{"c":[1]}},"name":"x"}""", """{"c":[1],"upper":"X"}""")]
    [InlineData("SELECT value, timestamp, from_ AS end", """{"value":1,"timestamp":2,"from_":3}""", """{"value":1,"timestamp":2,"end":3}""")]
    [InlineData("SELECT timestamp() AS at, topic() AS t, topic(9) AS no", "raw", """{"at":1700000000123,"t":"a/b"}""")]
    [InlineData("SELECT a.b", """{"a":{"b":1},"a":2}""", "{}")]
    [InlineData("SELECT a", """{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("SELECT a", "[1]", "{}")]
    public void Output_has_the_selected_members_in_order(string sql, string payload, string expected) =>
        Assert.Equal((RuleResult.Output, expected), Rule.Run($"{sql} FROM 'a/b'", payload));

    [Theory]
    [InlineData("47.4")]
    [InlineData("1609757175225.499")]
    [InlineData("1234567890123456789012345678901234567890")]
    [InlineData("1.50")]
    [InlineData("1e400")]
    [InlineData("1.000000000000000000000000000000000000000001")]
    public void Numbers_that_are_passed_on_keep_each_digit(string number) =>
        Assert.Equal(number, Rule.Value("x", $$"""{"x":{{number}}}"""));

    [Fact]
    public void A_string_that_is_passed_on_keeps_its_escapes_and_one_that_is_made_is_escaped()
    {
        Assert.Equal("\"\\u00e9\\n\"", Rule.Value("x", """{"x":"\u00e9\n"}"""));
        Assert.Equal("\"é\\n\\\"\\u0001\"", Rule.Value("x + '\"' + y", """{"x":"\u00e9\n","y":"\u0001"}"""));
        Assert.Equal("true", Rule.Value("x = 'é'", """{"x":"\u00e9"}"""));
    }

    [Theory]
    [InlineData("{\"a\":", "byte 5")]
    [InlineData("{\"a\":1}x", "byte 7")]
    [InlineData("hello", "byte 0")]
    [InlineData("", "byte 0")]
    public void A_payload_that_is_not_JSON_is_unreadable_with_the_byte(string payload, string where)
    {
        var (result, _) = Rule.Run("SELECT a FROM 'a/b'", Encoding.UTF8.GetBytes(payload), "a/b", "c", out var reason);
        Assert.Equal(RuleResult.Unreadable, result);
        Assert.Contains(where, reason, StringComparison.Ordinal);
        Assert.Equal(RuleResult.Unreadable, Rule.Run("SELECT *, 1 AS b FROM 'a/b'", payload).Result);
        Assert.Equal(RuleResult.Unreadable, Rule.Run("SELECT * AS b FROM 'a/b'", payload).Result);
    }

    [Fact]
    public void A_star_beside_others_needs_an_object() =>
        Assert.Equal(RuleResult.Unreadable, Rule.Run("SELECT *, 1 AS x FROM 'a/b'", "[1]").Result);

    [Fact]
    public void A_message_evaluated_again_gives_the_same_time() =>
        Assert.Equal("1700000000123", Rule.Value("timestamp()"));

    [Fact]
    public void Ten_megabytes_of_string_are_worked_on()
    {
        var text = new string('x', 10 * 1024 * 1024);
        var (result, output) = Rule.Run("SELECT upper(s) AS u, length(s) AS n FROM 'a/b'", $$"""{"s":"{{text}}"}""");
        Assert.Equal(RuleResult.Output, result);
        Assert.EndsWith($"\"n\":{text.Length}}}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_statement_that_makes_too_much_of_a_message_is_stopped_with_the_reason()
    {
        var text = new string('x', 8 * 1024 * 1024);
        var payload = Encoding.UTF8.GetBytes($$"""{"s":"{{text}}"}""");
        var (result, output) = Rule.Run("SELECT concat(s,s,s,s,s,s,s,s,s,s,s,s) AS u FROM 'a/b'", payload, "a/b", "c", out var reason);
        Assert.Equal((RuleResult.Unreadable, ""), (result, output));
        Assert.Contains("MiB", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_UUID_is_of_version_four_and_never_the_same()
    {
        var (_, output) = Rule.Run("SELECT newuuid() AS a, newuuid() AS b FROM 'a/b'", "");
        using var json = System.Text.Json.JsonDocument.Parse(output);
        var (a, b) = (json.RootElement.GetProperty("a").GetGuid(), json.RootElement.GetProperty("b").GetGuid());
        Assert.NotEqual(a, b);
        Assert.Equal(4, a.Version);
    }

    [Fact]
    public void Basic_Ingest_is_taken_off_the_topic() =>
        Assert.Equal((RuleResult.Output, """{"a":"dt/x","b":"x"}"""), Rule.Run("SELECT topic() AS a, topic(2) AS b FROM '#'", "", "$aws/rules/my_rule/dt/x"));
}
