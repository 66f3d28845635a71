using System.Text;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql;

public class StatementTests
{
    [Theory]
    [InlineData("SELECT VALUE a", """{"a":{"b":1}}""", """{"b":1}""")]
    [InlineData("SELECT VALUE a", """{"a":[1, 2]}""", "[1, 2]")]
    [InlineData("SELECT VALUE a", """{"a":"x"}""", "\"x\"")]
    [InlineData("SELECT VALUE a", """{"a":null}""", "null")]
    [InlineData("SELECT VALUE missing", "{}", "")]
    [InlineData("SELECT VALUE 1 / 0", "{}", "")]
    [InlineData("SELECT VALUE [a, 1]", """{"a":0}""", "[0,1]")]
    [InlineData("SELECT VALUE {'x': a}", """{"a":0}""", """{"x":0}""")]
    [InlineData("SELECT VALUE (a)", """{"a":0}""", "0")]
    [InlineData("SELECT VALUE 'text'", "raw bytes", "\"text\"")]
    [InlineData("SELECT VALUE NOT a", """{"a":true}""", "false")]
    [InlineData("SELECT VALUE value", """{"value":5}""", "5")]
    [InlineData("SELECT VALUE a AS name", """{"a":5}""", "5")]
    [InlineData("SELECT value", """{"value":5}""", """{"value":5}""")]
    [InlineData("SELECT value, a", """{"value":5,"a":1}""", """{"value":5,"a":1}""")]
    [InlineData("SELECT value.x, value.y AS z", """{"value":{"x":1,"y":2}}""", """{"x":1,"z":2}""")]
    [InlineData("SELECT value[0] AS v", """{"value":[7]}""", """{"v":7}""")]
    [InlineData("SELECT VALUE [0]", "{}", "[0]")]
    [InlineData("SELECT value * 2 AS v", """{"value":5}""", """{"v":10}""")]
    [InlineData("SELECT value - 2 AS v", """{"value":5}""", """{"v":3}""")]
    [InlineData("SELECT value = 5 AS v", """{"value":5}""", """{"v":true}""")]
    [InlineData("SELECT value IN a AS v", """{"value":5,"a":[5]}""", """{"v":true}""")]
    [InlineData("SELECT value NOT IN a AS v", """{"value":5,"a":[5]}""", """{"v":false}""")]
    [InlineData("SELECT value AND true AS v", """{"value":true}""", """{"v":true}""")]
    [InlineData("SELECT Value AS v", """{"Value":5,"value":6}""", """{"v":5}""")]
    public void VALUE_is_the_keyword_where_an_item_follows_and_else_a_field(string select, string payload, string expected) =>
        Assert.Equal((RuleResult.Output, expected), Rule.Run($"{select} FROM 'a/b'", payload));

    [Fact]
    public void SELECT_VALUE_of_a_star_is_the_payload()
    {
        Assert.Equal((RuleResult.Unchanged, "no JSON"), Rule.Run("SELECT VALUE * FROM 'a/b'", "no JSON"));
        Assert.True(Rule.Compile("SELECT VALUE * FROM 'a/b'").IsPassThrough);
    }

    [Theory]
    [InlineData("SELECT a AS from", """{"from":1}""")]
    [InlineData("SELECT a AS end, a AS value, a AS select, a AS case", """{"end":1,"value":1,"select":1,"case":1}""")]
    [InlineData("SELECT a AS foo.bar, a AS foo.from", """{"foo":{"bar":1,"from":1}}""")]
    [InlineData("SELECT a AS foo, a AS foo.bar", """{"foo":{"bar":1}}""")]
    [InlineData("SELECT a AS foo.bar, 2 AS foo", """{"foo":2}""")]
    [InlineData("SELECT a AS \"x\".'y z'", """{"x":{"y z":1}}""")]
    [InlineData("SELECT *, timestamp() AS serverTimestamp, * AS payload", """{"a":1,"serverTimestamp":1700000000123,"payload":{"a":1}}""")]
    [InlineData("SELECT a, clientid(), Topic(2), TIMESTAMP() AS t", """{"a":1,"clientid":"c1","Topic":"b","t":1700000000123}""")]
    [InlineData("SELECT cast(a AS String)", """{"cast":"1"}""")]
    public void An_alias_may_be_any_word_and_have_steps(string select, string expected) =>
        Assert.Equal(expected, Rule.Run($"{select} FROM 'a/b'", """{"a":1}""").Output);

    [Theory]
    [InlineData("CASE color WHEN 'red' THEN 1 WHEN 'blue' THEN 2 ELSE 3 END", "1")]
    [InlineData("CASE color WHEN 'blue' THEN 2 ELSE 3 END", "3")]
    [InlineData("CASE color WHEN 'blue' THEN 2 END", null)]
    [InlineData("CASE color WHEN 'red' THEN 1 WHEN 'red' THEN 2 END", "1")]
    [InlineData("CASE missing WHEN 1 THEN 'a' ELSE 'b' END", null)]
    [InlineData("CASE nul WHEN NULL THEN 'null' ELSE 'b' END", "\"null\"")]
    [InlineData("CASE n WHEN '1' THEN 'text' WHEN 1.0 THEN 'number' END", "\"number\"")]
    [InlineData("CASE n WHEN missing THEN 'a' ELSE 'b' END", "\"b\"")]
    [InlineData("CASE TRUE WHEN n > 5 THEN 'high' WHEN n > 0 THEN 'low' END", "\"low\"")]
    [InlineData("CASE n + 1 WHEN 2 THEN CASE color WHEN 'red' THEN [color] END END", "[\"red\"]")]
    [InlineData("CASE arr WHEN [1, 2] THEN 'same' END", "\"same\"")]
    [InlineData("CASE n WHEN 1 THEN missing ELSE 'b' END", null)]
    [InlineData("case COLOR when 'red' then 1 else 2 end", null)]
    [InlineData("CASE end WHEN 9 THEN end END", "9")]
    public void CASE_takes_the_first_that_is_equal(string expression, string? expected) =>
        Assert.Equal(expected, Rule.Value(expression, """{"color":"red","nul":null,"n":1,"arr":[1,2],"end":9}"""));

    [Theory]
    [InlineData("3 in arr", "true")]
    [InlineData("'three' IN arr", "true")]
    [InlineData("'3' IN arr", "false")]
    [InlineData("3.0 IN arr", "true")]
    [InlineData("[1] IN arr", "true")]
    [InlineData("{'a': 1} IN arr", "true")]
    [InlineData("4 NOT IN arr", "true")]
    [InlineData("NULL IN arr", "true")]
    [InlineData("missing IN arr", null)]
    [InlineData("3 IN 3", null)]
    [InlineData("3 IN o", null)]
    [InlineData("3 NOT IN missing", null)]
    [InlineData("3 IN []", "false")]
    [InlineData("3 IN arr = true", null)]
    public void IN_asks_for_an_equal_element(string expression, string? expected)
    {
        const string Payload = """{"arr":[1,2,3,"three",5.7,null,[1],{"a":1}],"o":{}}""";
        if (expression.EndsWith("= true", StringComparison.Ordinal)) Rule.Refuse($"SELECT {expression} AS x FROM 't'");
        else Assert.Equal(expected, Rule.Value(expression, Payload));
    }

    [Theory]
    [InlineData("SELECT * FROM 'a/b'", RuleResult.Unchanged)]
    [InlineData("SELECT * FROM 'a/b' WHERE timestamp() % 12 = 11", RuleResult.Unchanged)]
    [InlineData("SELECT * FROM 'a/b' WHERE topic(1) = 'a'", RuleResult.Unchanged)]
    [InlineData("SELECT topic() AS t, timestamp() AS ts FROM 'a/b'", RuleResult.Output)]
    [InlineData("SELECT * FROM 'a/b' WHERE device_type = 'thermostat'", RuleResult.Unreadable)]
    [InlineData("SELECT *, timestamp() AS timestamp FROM 'a/b'", RuleResult.Unreadable)]
    [InlineData("SELECT * AS message FROM 'a/b'", RuleResult.Unreadable)]
    [InlineData("SELECT device_id FROM 'a/b'", RuleResult.Unreadable)]
    [InlineData("SELECT VALUE device_id FROM 'a/b'", RuleResult.Unreadable)]
    [InlineData("SELECT (SELECT VALUE x FROM e) AS x FROM 'a/b'", RuleResult.Unreadable)]
    [InlineData("SET @d = device_id SELECT * FROM 'a/b'", RuleResult.Unreadable)]
    public void Only_a_rule_without_names_takes_a_payload_that_is_not_JSON(string sql, RuleResult expected) =>
        Assert.Equal(expected, Rule.Run(sql, [0xFF, 0xFE, 0x00], "a/b", "c", out _).Result);

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("80")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void A_payload_that_is_JSON_but_no_object_has_no_attributes(string payload)
    {
        Assert.Equal((RuleResult.Unchanged, payload), Rule.Run("SELECT * FROM 'a/b' WHERE isUndefined(a)", payload));
        Assert.Equal(RuleResult.NotFired, Rule.Run("SELECT * FROM 'a/b' WHERE a = 1", payload).Result);
        Assert.Equal((RuleResult.Output, "{}"), Rule.Run("SELECT a, b.c FROM 'a/b'", payload));
        Assert.Equal((RuleResult.Output, $$"""{"m":{{payload}}}"""), Rule.Run("SELECT * AS m FROM 'a/b'", payload));
    }

    [Theory]
    [InlineData("SELECT a FROM topic/#", "topic/#")]
    [InlineData("SELECT a FROM $aws/things/+/shadow/update WHERE a > 1", "$aws/things/+/shadow/update")]
    [InlineData("SELECT a FROM \"x y/+\"", "x y/+")]
    [InlineData("SELECT a FROM 'it''s'", "it's")]
    [InlineData("SELECT a FROM\n  a/b\nWHERE a > 1", "a/b")]
    public void A_topic_filter_may_stand_in_either_quotes_or_bare(string sql, string filter) => Assert.Equal(filter, Rule.Compile(sql).Filter.Text);

    [Fact]
    public void A_rule_without_FROM_matches_no_topic_and_works_all_the_same()
    {
        var rule = Rule.Compile("SELECT a WHERE a > 1");
        Assert.True(rule.Filter.MatchesNothing);
        Assert.False(rule.Filter.Matches("a"u8));
        Assert.False(rule.Filter.Matches(""u8));
        Assert.Equal((RuleResult.Output, """{"a":2}"""), Rule.Run("SELECT a WHERE a > 1", """{"a":2}"""));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "2")]
    [InlineData("""{"a":{"b":1},"a":{"c":2}}""", """{"c":2}""")]
    [InlineData("""{"\u0061":1}""", "1")]
    public void Of_a_name_that_is_there_twice_the_last_counts(string payload, string expected)
    {
        Assert.Equal(expected, Rule.Value("a", payload));
        Assert.Equal(expected, Rule.Value("get(o, 'a')", $$"""{"o":{{payload}}}"""));
        Assert.Equal(expected, Rule.Value("(SELECT VALUE a FROM o)", $$"""{"o":{{payload}}}"""));
    }

    [Theory]
    [InlineData("{'a': 1, 'a': 2}", """{"a":2}""")]
    [InlineData("{'a': 1, 'a': missing}", """{"a":1}""")]
    [InlineData("{\"it's\": 1, 'a\"b': {}, '': []}", """{"it's":1,"a\"b":{},"":[]}""")]
    [InlineData("{}", "{}")]
    [InlineData("[]", "[]")]
    [InlineData("[[], [missing], {}]", "[[],[],{}]")]
    public void Literals_of_objects_and_arrays_hold_what_there_is(string expression, string expected) => Assert.Equal(expected, Rule.Value(expression));

    [Fact]
    public void Numbers_of_400_digits_are_passed_on_whole_and_computed_with_34()
    {
        var digits = string.Concat(Enumerable.Repeat("1234567890", 40));
        var payload = $$"""{"x":{{digits}},"y":0.{{digits}},"z":1{{digits}}e600}""";
        Assert.Equal(digits, Rule.Value("x", payload));
        Assert.Equal("1.234567890123456789012345678901235E399", Rule.Value("x + 0", payload));
        Assert.Equal("0.1234567890123456789012345678901235", Rule.Value("y + 0", payload));
        Assert.Equal("true", Rule.Value("x > 1e398", payload));
        Assert.Null(Rule.Value("z + 0", payload));
        Assert.Null(Rule.Value("z = z", payload));
        Assert.Null(Rule.Value("z > 1", payload));
        Assert.StartsWith("11234", Rule.Value("z", payload), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":NaN}""")]
    [InlineData("""{"a":Infinity}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":+1}""")]
    [InlineData("""{"a":.5}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{'a':1}""")]
    [InlineData("""{"a":"x""")]
    public void What_JSON_does_not_have_is_not_read(string payload) =>
        Assert.Equal(RuleResult.Unreadable, Rule.Run("SELECT a FROM 'a/b'", payload).Result);

    [Fact]
    public void Invalid_UTF8_and_payloads_nested_too_deep_are_refused_with_the_place()
    {
        Assert.Equal(RuleResult.Unreadable, Rule.Run("SELECT a FROM 'a/b'", [.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8], "a/b", "c", out var reason).Result);
        Assert.Contains("UTF-8", reason, StringComparison.Ordinal);
        var deep = $$"""{"a":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""";
        Assert.Equal(RuleResult.Unreadable, Rule.Run("SELECT a FROM 'a/b'", Encoding.UTF8.GetBytes(deep), "a/b", "c", out reason).Result);
        Assert.Contains("nested deeper than 64", reason, StringComparison.Ordinal);
        var allowed = $$"""{"a":{{new string('[', 63)}}{{new string(']', 63)}}}""";
        Assert.Equal(allowed, Rule.Run("SELECT a FROM 'a/b'", allowed).Output);
        Assert.Equal("true", Rule.Value("a = a", allowed));
    }
}
