using System.Text;
using System.Text.Json;
using Millrace.Server.Cli;

namespace Millrace.Tests.Server.Cli;

public class RuleEvalTests
{
    [Fact]
    public async Task The_output_is_shown_and_that_the_rule_fires()
    {
        var (code, output, error) = await EvalAsync("""{"color":"red","n":1.50}""", "--sql", "SELECT upper(color) AS c, n FROM 'a/b'");
        Assert.Equal((Exit.Ok, """{"c":"RED","n":1.50}""", "The rule fires.\n"), (code, output, error));
    }

    [Theory]
    [InlineData("SELECT * FROM 'a/b' WHERE n > 2", "a/b", "WHERE")]
    [InlineData("SELECT * FROM 'a/+/c'", "a/b", "FROM 'a/+/c' does not match the topic a/b")]
    public async Task What_does_not_fire_says_why(string sql, string topic, string why)
    {
        var (code, output, error) = await EvalAsync("""{"n":1}""", "--sql", sql, "--topic", topic);
        Assert.Equal((Exit.Ok, ""), (code, output));
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_pass_through_as_they_are()
    {
        var shell = new Shell { Input = [0xFF, 0, 0x80, (byte)'\n'], IsTerminal = true };
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "eval", "--sql", "SELECT * FROM '#'", "-"));
        Assert.Equal(shell.Input, shell.Bytes.ToArray());
    }

    [Fact]
    public async Task On_a_terminal_JSON_ends_its_line()
    {
        var shell = new Shell { IsTerminal = true };
        shell.Files["p"] = "{}";
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "eval", "--sql", "SELECT 1 AS a FROM '#'", "p"));
        Assert.Equal("{\"a\":1}\n", shell.Out);
    }

    [Fact]
    public async Task A_mistake_in_the_statement_is_shown_where_it_stands()
    {
        var (code, output, error) = await EvalAsync("{}", "--sql", "SELECT a FROM 'b' WHERE uper(a) = 1");
        Assert.Equal((Exit.Invalid, ""), (code, output));
        Assert.StartsWith("1:25: ", error, StringComparison.Ordinal);
        Assert.EndsWith($"\n{new string(' ', 24)}^\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreadable_payload_is_a_failure()
    {
        var (code, output, error) = await EvalAsync("{\"a\":", "--sql", "SELECT a FROM 'b'");
        Assert.Equal((Exit.Failure, ""), (code, output));
        Assert.Contains("cannot be evaluated on this payload", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_are_filled_in()
    {
        var (code, output, _) = await EvalAsync(
            """{"vin":"v1"}""", "--sql", "SELECT 1 AS a FROM 'cars/+'", "--client-id", "c9", "--template", "x/${vin}", "--template", "${topic(1)}-${clientid()}");
        Assert.Equal((Exit.Ok, "{\"a\":1}\nx/${vin} = x/v1\n${topic(1)}-${clientid()} = cars-c9\n"), (code, output));
        Assert.Equal(Exit.Failure, (await EvalAsync("{}", "--sql", "SELECT 1 AS a FROM 'b'", "--template", "${vin}")).Code);
        Assert.Equal(Exit.Invalid, (await EvalAsync("{}", "--sql", "SELECT 1 AS a FROM 'b'", "--template", "${")).Code);
    }

    [Theory]
    [InlineData("SELECT topic() AS t FROM 'x/+/#'", "x/a/a")]
    [InlineData("SELECT topic() AS t FROM '#'", "a/b")]
    [InlineData("SELECT topic() AS t FROM '$aws/things/+/shadow/update'", "$aws/things/a/shadow/update")]
    public async Task Without_a_topic_one_is_taken_that_fires(string sql, string topic) =>
        Assert.Equal($$"""{"t":"{{topic}}"}""", (await EvalAsync("{}", "--sql", sql)).Output);

    [Theory]
    [InlineData("--sql")]
    [InlineData("--sql", "SELECT * FROM '#'", "--topic", "a/+")]
    [InlineData("--sql", "SELECT * FROM '#'", "--version", "2017-01-01")]
    [InlineData("--sql", "SELECT * FROM '#'", "--lookups", "missing")]
    [InlineData("--topic", "a")]
    [InlineData("--jsonl", "--template", "x")]
    [InlineData("--sql", "SELECT * FROM '#'", "missing")]
    public async Task Wrong_usage_is_told(params string[] args)
    {
        var (code, output, error) = await EvalAsync("{}", args);
        Assert.Equal((Exit.Invalid, ""), (code, output));
        Assert.NotEmpty(error);
    }

    [Theory]
    [InlineData("[]", "must be an object")]
    [InlineData("{", "lookups:1:2")]
    [InlineData("""{"shadow":{}}""", "there is no member 'shadow'")]
    [InlineData("""{"shadows":1}""", "'shadows' must be an object")]
    public async Task Look_ups_that_are_none_are_refused(string json, string problem)
    {
        var shell = new Shell();
        shell.Files["lookups"] = json;
        Assert.Equal(Exit.Invalid, await shell.RunAsync("rule", "eval", "--sql", "SELECT * FROM '#'", "--lookups", "lookups"));
        Assert.Contains(problem, shell.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"sql":"SELECT a FROM 'a/b'","payload":{"a": 1.50 , "b": "x y"}}""", """{"fires":true,"output":{"a":1.50}}""")]
    [InlineData("""{"sql":"SELECT * FROM 'a/b'","payload":{"a": 1.50 , "b": "x \" y"}}""", """{"fires":true,"output":{"a":1.50,"b":"x \" y"}}""")]
    [InlineData("""{"sql":"SELECT * FROM 'a/b'","payload":7}""", """{"fires":true,"output":7}""")]
    [InlineData("""{"sql":"SELECT * FROM 'a/b'","payloadBase64":"/w=="}""", """{"fires":true,"outputBase64":"/w=="}""")]
    [InlineData("""{"sql":"SELECT * FROM 'a/b'","payloadBase64":""}""", """{"fires":true,"outputBase64":""}""")]
    [InlineData("""{"sql":"SELECT * FROM 'a/b'","payloadBase64":"ewogICJhIjoKMX0="}""", """{"fires":true,"output":{   "a": 1}}""")]
    [InlineData("""{"sql":"SELECT a FROM 'a/b'","payload":{"a":1},"topic":"a/c"}""", """{"fires":false}""")]
    [InlineData("""{"sql":"SELECT a FROM 'a/b' WHERE a > 1","payload":{"a":1},"topic":"a/b"}""", """{"fires":false}""")]
    [InlineData("""{"sql":"SELECT clientid() AS c FROM '#'","payload":{},"clientId":"c1","id":9}""", """{"fires":true,"output":{"c":"c1"}}""")]
    [InlineData("""{"sql":"SELECT a FROM","payload":{}}""", """{"error":"1:14: """)]
    [InlineData("""{"sql":"SELECT a FROM '#'","payloadBase64":"/w=="}""", """{"fires":false,"error":""")]
    [InlineData("""{"sql":"SELECT a FROM '#'"}""", """{"error":"give 'payload'""")]
    [InlineData("""{"sql":"SELECT a FROM '#'","payload":1,"payloadBase64":""}""", """{"error":"give 'payload'""")]
    [InlineData("""{"sql":"SELECT a FROM '#'","payloadBase64":"!"}""", """{"error":"give 'payload'""")]
    [InlineData("""{"sql":"SELECT a FROM '#'","payload":{},"version":"1999"}""", """{"error":"'version'""")]
    [InlineData("""{"sql":"SELECT a FROM '#'","payload":{},"topic":"a/#"}""", """{"error":"'topic'""")]
    [InlineData("""{"sql":1,"payload":{}}""", """{"error":"'sql'""")]
    [InlineData("""{"sql":"\ud800","payload":{}}""", """{"error":"the line has a text that is not Unicode"}""")]
    [InlineData("""[1]""", """{"error":"the line must be an object""")]
    [InlineData("""{"sql":""", """{"error":"the line is not JSON, at byte 8"}""")]
    public async Task A_line_is_answered_with_a_line(string line, string answer) =>
        Assert.StartsWith(answer, Assert.Single(await LinesAsync(line)), StringComparison.Ordinal);

    [Fact]
    public async Task A_broken_line_does_not_stop_those_behind_it_and_their_order_stays()
    {
        var lines = Enumerable.Range(0, 5000).Select(static i => i % 7 == 0
            ? "{broken"
            : $$$"""{"sql":"SELECT {{{i % 50}}} AS k, n FROM '#'","payload":{"n":{{{i}}}}}""");
        var answers = await LinesAsync([.. lines, "", " \r"]);
        Assert.Equal(5000, answers.Length);
        for (var i = 0; i < answers.Length; i++)
            Assert.Equal(i % 7 == 0 ? """{"error":"the line is not JSON, at byte 2"}""" : $$$"""{"fires":true,"output":{"k":{{{i % 50}}},"n":{{{i}}}}}""", answers[i]);
    }

    [Fact]
    public async Task Members_that_a_line_has_not_come_from_the_command_line()
    {
        var shell = new Shell { Input = "{\"payload\":{\"a\":1}}\n{\"sql\":\"SELECT 2 AS x FROM '#'\",\"payload\":0}"u8.ToArray() };
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "eval", "--jsonl", "--sql", "SELECT a, topic() FROM '#'", "--topic", "t"));
        Assert.Equal("{\"fires\":true,\"output\":{\"a\":1,\"topic\":\"t\"}}\n{\"fires\":true,\"output\":{\"x\":2}}\n", shell.Out);
    }

    [Fact]
    public async Task Every_answer_is_JSON_whatever_the_line()
    {
        var random = new Random(1);
        var good = Encoding.UTF8.GetBytes("""{"sql":"SELECT a, upper(b.c) AS x FROM 'a/b' WHERE a > 1","topic":"a/b","payload":{"a":2,"b":{"c":"é\n"}}}""");
        var input = new MemoryStream();
        for (var i = 0; i < 2000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var times = random.Next(4); times > 0; times--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            input.Write(bytes);
            input.WriteByte((byte)'\n');
        }

        var shell = new Shell { Input = input.ToArray() };
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "eval", "--jsonl"));
        foreach (var line in shell.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        }
    }

    private static async Task<string[]> LinesAsync(params string[] lines)
    {
        var shell = new Shell { Input = Encoding.UTF8.GetBytes(string.Join('\n', lines)) };
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "eval", "--jsonl", "-"));
        Assert.Equal("", shell.Error);
        return shell.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<(int Code, string Output, string Error)> EvalAsync(string payload, params string[] args)
    {
        var shell = new Shell { Input = Encoding.UTF8.GetBytes(payload) };
        var code = await shell.RunAsync(["rule", "eval", .. args]);
        return (code, shell.Out, shell.Error);
    }
}
