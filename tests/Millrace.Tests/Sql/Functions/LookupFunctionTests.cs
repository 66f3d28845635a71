using System.Text;
using Millrace.Contracts;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql.Functions;

public class LookupFunctionTests
{
    private readonly FakeLookups _lookups = new()
    {
        Shadows = { ["car"] = """{"state":{"reported":{"v":1}}}""", ["car/engine"] = """{"state":{}}""", ["bad"] = "{" },
        Things = { ["DescribeThing/car"] = """{"thingName":"car","attributes":{"vin":"x"}}""", ["ListThingGroupsForThing/car"] = """{"thingGroups":[{"groupName":"g"}]}""" },
        Documents = { ["cars:x"] = """{"owner":"o"}""", ["cars:x/y"] = "1", ["cars:a%2Fb/c%25"] = "2" },
        Secrets = { ["s"] = """{"user":"u","n":5}"""u8.ToArray(), ["text"] = "plain"u8.ToArray(), ["binary"] = [0xFF, 0] },
        Functions = { ["f"] = input => $$"""{"got":{{input}}}""", ["text"] = _ => "no JSON", ["fails"] = _ => throw new FaultException(Fault.Unavailable, "took more than 2 s") },
    };

    private Call Calls => new() { Options = new RuleSqlOptions { Lookups = _lookups }, Payload = """{"thing":"car","vin":"x","nul":null}"""u8.ToArray() };

    [Theory]
    [InlineData("get_thing_shadow(thing, 'arn:role').state.reported.v", "1")]
    [InlineData("get_thing_shadow('car', 'engine', 'arn:role')", "{\"state\":{}}")]
    [InlineData("get_thing_shadow('bike', 'arn:role')", null)]
    [InlineData("get_thing_shadow(missing, 'arn:role')", null)]
    [InlineData("get_registry_data('DescribeThing', thing, 'arn').attributes.vin", "\"x\"")]
    [InlineData("get_registry_data('ListThingGroupsForThing', 'car', 'arn').thingGroups[0].groupName", "\"g\"")]
    [InlineData("get_registry_data('DescribeThing', missing, 'arn')", null)]
    [InlineData("get_dynamodb('cars', 'vin', vin, 'arn').owner", "\"o\"")]
    [InlineData("get_dynamodb('cars', 'vin', vin, 'day', 'y', 'arn')", "1")]
    [InlineData("get_dynamodb('cars', 'vin', 'a/b', 'day', 'c%', 'arn')", "2")]
    [InlineData("get_dynamodb('cars', 'vin', 'z', 'arn')", null)]
    [InlineData("get_dynamodb('cars', 'vin', nul, 'arn')", null)]
    [InlineData("get_secret('s', 'SecretString', 'arn')", "\"{\\\"user\\\":\\\"u\\\",\\\"n\\\":5}\"")]
    [InlineData("get_secret('s', 'SecretString', 'user', 'arn')", "\"u\"")]
    [InlineData("get_secret('s', 'SecretString', 'n', 'arn')", "5")]
    [InlineData("get_secret('binary', 'SecretBinary', 'arn')", "\"/wA=\"")]
    [InlineData("aws_lambda('f', {'a': vin}).got.a", "\"x\"")]
    [InlineData("aws_lambda('f', vin)", "{\"got\":\"x\"}")]
    [InlineData("aws_lambda('f', *).got.vin", "\"x\"")]
    [InlineData("aws_lambda('f', missing)", null)]
    [InlineData("get_or_default(get_secret('none', 'SecretString', 'arn'), 'd')", "\"d\"")]
    [InlineData("get_or_default(aws_lambda('fails', 1), 5)", "5")]
    [InlineData("get_or_default(get_registry_data('DescribeThing', 'bike', 'arn').attributes, 5)", "5")]
    public void What_is_beside_the_message_is_looked_up(string expression, string? expected) => Assert.Equal(expected, Calls.Value(expression));

    [Theory]
    [InlineData("get_thing_shadow('bad', 'arn')", "the shadow is no JSON")]
    [InlineData("get_registry_data('DescribeThing', 'bike', 'arn')", "no thing 'bike'")]
    [InlineData("get_registry_data('' + 'DeleteThing', 'car', 'arn')", "no operation 'DeleteThing'")]
    [InlineData("get_secret('none', 'SecretString', 'arn')", "no secret 'none'")]
    [InlineData("get_secret('text', 'SecretString', 'user', 'arn')", "no keys")]
    [InlineData("get_secret('s', 'SecretString', 'nobody', 'arn')", "no key 'nobody'")]
    [InlineData("get_secret('binary', 'SecretString', 'arn')", "SecretBinary")]
    [InlineData("get_secret('s', '' + 'SecretBinary', 'user', 'arn')", "without")]
    [InlineData("aws_lambda('text', 1)", "no JSON")]
    [InlineData("aws_lambda('fails', 1)", "took more than 2 s")]
    [InlineData("aws_lambda('' + 'none', 1)", "no function none")]
    public void What_fails_outside_fails_the_message_with_the_reason(string expression, string reason) =>
        Assert.Contains(reason, Calls.Failure(expression), StringComparison.Ordinal);

    [Theory]
    [InlineData("get_dynamodb('cars', 'vin', 'x', 'day', 'arn')", 8, "not 5")]
    [InlineData("get_dynamodb('a', 'b', 'c', 'd').x + get_dynamodb('a', 'b', 'c', 'd').y", 45, "once in a statement")]
    [InlineData("get_registry_data('DeleteThing', 'car', 'arn')", 26, "DescribeThing and ListThingGroupsForThing")]
    [InlineData("get_secret('s', 'Secret', 'arn')", 24, "SecretString and SecretBinary")]
    [InlineData("get_secret('s', 'SecretBinary', 'key', 'arn')", 40, "has no keys")]
    [InlineData("aws_lambda('none', 1)", 19, "no function 'none'")]
    [InlineData("machinelearning_predict('m', 'arn', *)", 8, "closed")]
    [InlineData("aws_lambda('f')", 8, "takes 2 arguments, not 1")]
    public void What_can_never_be_answered_is_refused(string expression, int column, string message)
    {
        var error = Calls.Refuse(expression);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(column, error.Column);
    }

    [Theory]
    [InlineData("get_thing_shadow('a', 'b')")]
    [InlineData("get_registry_data('DescribeThing', 'b', 'c')")]
    [InlineData("get_dynamodb('a', 'b', 'c', 'd')")]
    [InlineData("get_secret('a', 'SecretString', 'c')")]
    [InlineData("aws_lambda('f', 1)")]
    public void Where_there_is_nothing_to_look_at_and_in_error_actions_they_are_refused(string expression)
    {
        Assert.Contains("nothing here to look at", new Call().Refuse(expression).Message, StringComparison.Ordinal);
        var forErrors = new RuleSqlOptions { Lookups = _lookups, ErrorAction = true };
        Assert.Contains("error action", new Call { Options = forErrors }.Refuse(expression).Message, StringComparison.Ordinal);
        Assert.False(Template.TryCompile($"a/${{{expression}}}", forErrors, out _, out var error));
        Assert.Contains("error action", error.Message, StringComparison.Ordinal);
        Assert.True(Template.TryCompile("a/${newuuid()}", forErrors, out _, out _));
    }

    [Theory]
    [InlineData("decode('', 'base64')")]
    [InlineData("encode('', 'base64')")]
    [InlineData("get_dynamodb('a', 'b', 'c', 'd')")]
    [InlineData("get_thing_shadow('a', 'b')")]
    [InlineData("indexof('a', 'b')")]
    [InlineData("isUndefined(a)")]
    [InlineData("length('a')")]
    [InlineData("numbytes('a')")]
    [InlineData("parse_time('yyyy', 0)")]
    [InlineData("time_to_epoch('2018', 'yyyy')")]
    [InlineData("transform('enrichArray', a, b)")]
    [InlineData("get_mqtt_property('a')")]
    [InlineData("get_user_properties()")]
    [InlineData("get_or_default(a, b)")]
    [InlineData("get_registry_data('DescribeThing', 'b', 'c')")]
    public void The_first_version_has_not_all_of_them(string expression)
    {
        var old = new Call { Options = new RuleSqlOptions { Lookups = _lookups, Version = SqlVersion.V2015 } };
        Assert.Contains("2016-03-23", old.Refuse(expression).Message, StringComparison.Ordinal);
        Calls.Compile(expression);
    }

    [Theory]
    [InlineData("transform('enrichArray', {'a': 1, 'b': 2}, [{'c': 3}, {'a': 9}])", "[{\"c\":3,\"a\":1,\"b\":2},{\"a\":9,\"b\":2}]")]
    [InlineData("transform('enrichArray', {'a': 1}, [])", "[]")]
    [InlineData("transform('enrichArray', {}, [{'a': 1}, {}])", "[{\"a\":1},{}]")]
    [InlineData("transform('enrichArray', {'a': 1}, [{}, 5, 'x', [1]])", "[{\"a\":1},5,\"x\",[1]]")]
    [InlineData("transform('enrichArray', {'a': 1}, {'b': 2})", null)]
    [InlineData("transform('enrichArray', [1], [{}])", null)]
    [InlineData("transform('enrichArray', missing, [{}])", null)]
    [InlineData("transform('other', {'a': 1}, [{'b': 2}])", null)]
    [InlineData("transform(nul, {'a': 1}, [{'b': 2}])", null)]
    public void Arrays_are_enriched(string expression, string? expected) => Assert.Equal(expected, Calls.Value(expression));

    [Fact]
    public void Objects_from_a_payload_are_enriched_whatever_their_space_and_escapes()
    {
        var call = new Call { Payload = Encoding.UTF8.GetBytes("""{ "o" : { "\u0061" : 1 , "b":[ 2 ] }, "l" : [ { } , { "a" : 5 } ] }""") };
        Assert.Equal("""[{"a":1,"b":[2]},{"a":5,"b":[2]}]""", System.Text.Json.Nodes.JsonNode.Parse(call.Value("transform('enrichArray', o, l)")!)!.ToJsonString());
    }

    [Fact]
    public void What_is_enriched_has_a_limit_in_size_and_in_time()
    {
        var names = string.Join(',', Enumerable.Range(0, 6000).Select(i => $"\"n{i}\":1"));
        var call = new Call { Payload = Encoding.UTF8.GetBytes($$"""{"o":{{{names}}},"l":[{{{names}}}]}""") };
        Assert.StartsWith("[{\"n0\":1", call.Value("transform('enrichArray', o, l)"), StringComparison.Ordinal);
        Assert.Contains("128 KiB", call.Failure("transform('enrichArray', o, [{}, {}, {}])"), StringComparison.Ordinal);
    }
}
