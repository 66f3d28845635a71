using System.Text;
using System.Text.RegularExpressions;
using Millrace.Contracts.Records;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql.Functions;

public class MessageFunctionTests
{
    private const string Uuid = "^\"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\"$";

    [Theory]
    [InlineData("topic()", "\"a/b\"")]
    [InlineData("topic(1)", "\"a\"")]
    [InlineData("topic('2.9')", "\"b\"")]
    [InlineData("topic(3)", null)]
    [InlineData("topic(0)", null)]
    [InlineData("topic(-1)", null)]
    [InlineData("topic(1e999)", null)]
    [InlineData("topic('x')", null)]
    [InlineData("clientid()", "\"c1\"")]
    [InlineData("timestamp()", "1700000000123")]
    [InlineData("accountid()", "\"000000000000\"")]
    [InlineData("sql_version()", "\"2016-03-23\"")]
    [InlineData("principal()", null)]
    [InlineData("sourceip()", null)]
    public void The_message_is_what_its_record_says(string expression, string? expected) => Assert.Equal(expected, new Call().Value(expression));

    [Fact]
    public void Options_say_the_rest()
    {
        var call = new Call { Options = new RuleSqlOptions { AccountId = "123456789012", Version = SqlVersion.V2015 }, Client = "" };
        Assert.Equal("\"123456789012\"", call.Value("accountid()"));
        Assert.Equal("\"2015-10-08\"", call.Value("sql_version()"));
        Assert.Equal("\"n/a\"", call.Value("clientid()"));
        Assert.Null(call.Value("traceid()"));
    }

    [Fact]
    public void Who_published_is_read_from_the_record()
    {
        byte[] properties = [0x02, 0, 0, 0, 60, MessageProperty.Principal, 0, 3, .. "abc"u8, MessageProperty.SourceAddress, 0, 7, .. "1.2.3.4"u8, 0x7E, 0, 1];
        var call = new Call { Properties = properties };
        Assert.Equal("\"abc\"", call.Value("principal()"));
        Assert.Equal("\"1.2.3.4\"", call.Value("sourceip()"));
        Assert.True(call.Compile("upper(principal())").UsesPublisher);
        Assert.True(call.Compile("sourceip()").UsesPublisher);
        Assert.False(call.Compile("clientid()").UsesPublisher);
        Assert.True(Template.TryCompile("a/${principal()}", out var template, out _) && template.UsesPublisher);
        Assert.True(Template.TryCompile("a/${clientid()}", out template, out _) && !template.UsesPublisher);
    }

    [Fact]
    public void Chance_is_the_same_when_the_message_is_evaluated_again()
    {
        foreach (var expression in new[] { "newuuid()", "rand()", "traceid()", "[newuuid(), newuuid(), rand(), rand()]" })
            Assert.Equal(new Call().Value(expression), new Call { Context = new RuleContext(TimeProvider.System, new Random(99)) }.Value(expression));
    }

    [Fact]
    public void Chance_is_another_for_every_call_message_and_rule()
    {
        var call = new Call();
        var seen = new HashSet<string?>
        {
            call.Value("newuuid()"),
            call.Value("get([newuuid(), newuuid()], 1)"),
            call.Value("traceid()"),
            new Call { Offset = 8 }.Value("newuuid()"),
            new Call { ArrivalNs = 1 }.Value("newuuid()"),
            new Call { Topic = "a/c" }.Value("newuuid()"),
            new Call { Client = "c2" }.Value("newuuid()"),
            new Call { Options = new RuleSqlOptions { Rule = "r" } }.Value("newuuid()"),
        };
        Assert.Equal(8, seen.Count);
        Assert.All(seen, uuid => Assert.Matches(new Regex(Uuid), uuid));
        Assert.Equal(call.Value("traceid()"), new Call { Options = new RuleSqlOptions { Rule = "r" } }.Value("traceid()"));
    }

    [Fact]
    public void Chance_is_real_for_what_no_log_has_taken()
    {
        var call = new Call { Offset = -1 };
        Assert.NotEqual(call.Value("newuuid()"), call.Value("newuuid()"));
        Assert.NotEqual(call.Value("rand()"), call.Value("rand()"));
        Assert.Equal("true", call.Value("newuuid() <> newuuid()"));
    }

    [Fact]
    public void Chance_is_even()
    {
        var uuids = new HashSet<string>();
        var sum = 0.0;
        const int Count = 20_000;
        for (var i = 0; i < Count; i++)
        {
            var rand = double.Parse(new Call { Offset = i }.Value("rand()")!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(rand, 0, 0.9999999999999999);
            sum += rand;
            uuids.Add(new Call { Offset = i }.Value("newuuid()")!);
        }

        Assert.InRange(sum / Count, 0.49, 0.51);
        Assert.Equal(Count, uuids.Count);
    }

    [Theory]
    [InlineData("get_mqtt_property('format_indicator')", "\"UTF8_DATA\"")]
    [InlineData("get_mqtt_property('content_type')", "\"text/plain\"")]
    [InlineData("get_mqtt_property('response_topic')", "\"r\"")]
    [InlineData("get_mqtt_property('correlation_data')", "\"/wA=\"")]
    [InlineData("get_mqtt_property('topic_alias')", null)]
    [InlineData("get_mqtt_property(nul)", null)]
    [InlineData("get_user_properties('a')", "[\"1\",\"2\"]")]
    [InlineData("get(get_user_properties('a'), 0)", "\"1\"")]
    [InlineData("get_user_properties('q\"')", "[\"\\n\"]")]
    [InlineData("get_user_properties('A')", null)]
    [InlineData("get_user_properties(nul)", null)]
    [InlineData("get_user_properties()", "[{\"a\":\"1\"},{\"q\\\"\":\"\\n\"},{\"a\":\"2\"}]")]
    public void Properties_of_MQTT_5_are_read(string expression, string? expected)
    {
        byte[] properties =
        [
            0x01, 1, 0x03, 0, 10, .. "text/plain"u8, 0x08, 0, 1, (byte)'r', 0x09, 0, 2, 0xFF, 0, 0x0B, 0x80, 0x01, 0x23, 0, 1,
            .. User("a", "1"), .. User("q\"", "\n"), .. User("a", "2"),
        ];
        Assert.Equal(expected, new Call { Properties = properties }.Value(expression));
        Assert.Null(new Call().Value(expression));

        // Bytes that end in the middle are read as far as they make sense.
        for (var length = 0; length < properties.Length; length++) new Call { Properties = properties[..length] }.Value(expression);
    }

    private static byte[] User(string name, string value) =>
        [0x26, 0, (byte)name.Length, .. Encoding.UTF8.GetBytes(name), 0, (byte)value.Length, .. Encoding.UTF8.GetBytes(value)];
}
