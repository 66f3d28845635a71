using Millrace.Server.Cli;
using Millrace.Simulator;
using Millrace.Tests.Server.Pipeline;

namespace Millrace.Tests.Server.Cli;

public sealed class VerbTests
{
    private const string Rows = """{"columns":[{"name":"vin","type":"varchar"},{"name":"v","type":"double"}],"rows":[["a,\"b\"",1.50],["\u001b[2J\n",null],["",9007199254740993]],"truncated":false,"complete":true}""";

    [Fact]
    public async Task A_query_prints_plain_columns_where_no_one_looks()
    {
        var shell = new Shell { Server = new FakeServer(200, Rows) };
        Assert.Equal(Exit.Ok, await shell.RunAsync("query", "SELECT 1"));
        Assert.Equal("POST http://127.0.0.1:8080/api/v1/query", shell.Server.Asked);
        Assert.Equal("""{"sql":"SELECT 1"}""", shell.Server.Body);
        Assert.Equal("""
            vin                         v
            a,"b"                    1.50
            \u001b[2J\n
                         9007199254740993

            """.ReplaceLineEndings("\n"), shell.Out);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    public async Task What_programs_read_passes_through_as_it_came(string format)
    {
        const string Sent = "vin,v\n\"a,\"\"b\"\"\",1.50\n\"\u001b[2J\n\",\n\"\",9007199254740993\n";
        var shell = new Shell { Server = new FakeServer(200, Sent) };
        Assert.Equal(Exit.Ok, await shell.RunAsync("query", "SELECT 1", "--format", format, "--limit", "none"));
        Assert.Equal(Sent, shell.Out);
        Assert.Equal($$"""{"sql":"SELECT 1","format":"{{format}}","limit":"none"}""", shell.Server.Body);
        Assert.Equal(Exit.Ok, await shell.RunAsync("query", "SELECT 1", "--format", format, "--output", "there"));
        Assert.Equal(Sent, shell.Files["there"]);
    }

    [Fact]
    public async Task A_refused_query_leaves_no_file()
    {
        var shell = new Shell { Server = new FakeServer(400, """{"error":{"message":"no"}}""") };
        Assert.Equal(Exit.Invalid, await shell.RunAsync("query", "SELECT 1", "--format", "csv", "--output", "there"));
        Assert.Empty(shell.Files);
        Assert.Contains("no", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_a_failure()
    {
        var shell = new Shell { Server = new FakeServer(200, """{"columns":[{"name":"v"}],"rows":[[1]],"error":{"message":"a number out of range"}}""") };
        Assert.Equal(Exit.Failure, await shell.RunAsync("query", "SELECT 1"));
        Assert.Contains("out of range", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_goes_into_a_file_too()
    {
        var shell = new Shell { IsTerminal = true, Server = new FakeServer(200, """{"columns":[{"name":"v"}],"rows":[[1]]}""") };
        Assert.Equal(Exit.Ok, await shell.RunAsync("query", "SELECT 1", "--output", "there"));
        Assert.Equal("v\n1\n", shell.Files["there"]);
    }

    [Fact]
    public async Task JSON_is_a_list_of_objects_with_the_numbers_as_they_came()
    {
        var shell = new Shell { Server = new FakeServer(200, Rows) };
        await shell.RunAsync("query", "SELECT 1", "--format", "json");
        Assert.Equal("[\n{\"vin\":\"a,\\\"b\\\"\",\"v\":1.50},\n{\"vin\":\"\\u001B[2J\\n\",\"v\":null},\n{\"vin\":\"\",\"v\":9007199254740993}\n]\n", shell.Out);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task Nothing_a_device_wrote_commands_the_terminal(string format)
    {
        var answer = """{"columns":[{"name":"[red]\u001b"}],"rows":[["[/]\u001b]0;x\u0007\u009b\u202e[link=x]"]]}""";
        var shell = new Shell { IsTerminal = true, Server = new FakeServer(200, answer) };
        Assert.Equal(Exit.Ok, await shell.RunAsync("query", "SELECT 1", "--format", format));
        Assert.DoesNotContain(shell.Out, static c => c != '\n' && char.IsControl(c));
        Assert.Contains("[link=x]", shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_query_shows_the_place()
    {
        var shell = new Shell { Server = new FakeServer(400, """{"error":{"message":"no column vni","line":2,"column":8,"kind":"syntax"}}""") };
        Assert.Equal(Exit.Invalid, await shell.RunAsync("query", "-- all\nSELECT vni FROM t"));
        Assert.Equal("2:8: no column vni\nSELECT vni FROM t\n       ^\n", shell.Error);
        Assert.Empty(shell.Out);
    }

    [Fact]
    public async Task An_incomplete_answer_says_so_beside_the_rows()
    {
        var shell = new Shell { Server = new FakeServer(200, """{"columns":[{"name":"a"}],"rows":[[1]],"truncated":true,"complete":false}""") };
        Assert.Equal(Exit.Ok, await shell.RunAsync("query", "SELECT 1"));
        Assert.Contains("not all rows", shell.Error, StringComparison.Ordinal);
        Assert.Contains("Not complete yet", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_with_what_to_do()
    {
        var shell = new Shell { Server = new FakeServer(0, ""), Environment = { ["MILLRACE_URL"] = "http://127.0.0.1:9" } };
        Assert.Equal(Exit.Unreachable, await shell.RunAsync("ledger"));
        Assert.Equal("No server answers at http://127.0.0.1:9/ (Connection refused). Start one with millrace serve, or name another with --url.\n", shell.Error);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[1,2")]
    public async Task What_is_no_Millrace_is_told_apart(string answer)
    {
        var shell = new Shell { Server = new FakeServer(200, answer) };
        Assert.Equal(Exit.Failure, await shell.RunAsync("ledger"));
        Assert.Contains("is it a Millrace server?", shell.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"columns":7,"rows":{"a":[]}}""")]
    [InlineData("""{"columns":[{"name":3},null],"rows":[null,[1,2,3],[]]}""")]
    public async Task A_strange_answer_breaks_nothing(string answer)
    {
        foreach (var verb in new[] { "query x", "ledger", "dead-letters", "query x --format json", "query x --format csv" })
            Assert.InRange(await new Shell { Server = new FakeServer(200, answer) }.RunAsync(verb.Split(' ')), 0, 1);
    }

    [Fact]
    public async Task Publishing_escapes_the_topic_and_takes_the_payload_from_where_it_is_told()
    {
        var shell = new Shell { Files = { ["f"] = "from the file" } };
        Assert.Equal(Exit.Ok, await shell.RunAsync("publish", "dt/a b/ü?x", "--message", "hello"));
        Assert.Equal("POST http://127.0.0.1:8080/topics/dt/a%20b/%C3%BC%3Fx?qos=1", shell.Server.Asked);
        Assert.Equal("hello", shell.Server.Body);
        await shell.RunAsync("publish", "a", "--file", "f", "--qos", "0");
        Assert.Equal("from the file", shell.Server.Body);
        Assert.EndsWith("/topics/a?qos=0", shell.Server.Asked, StringComparison.Ordinal);
        await shell.RunAsync("publish", "a");
        Assert.Equal("from the standard input", shell.Server.Body);
    }

    [Theory]
    [InlineData("publish", "a/+", "--message", "x")]
    [InlineData("publish", "a/../b", "--message", "x")]
    [InlineData("publish", "a", "--message", "x", "--file", "f")]
    [InlineData("publish", "a", "--message", "x", "--qos", "2")]
    [InlineData("publish", "a", "--file", "missing")]
    [InlineData("ledger", "--url", "nonsense")]
    [InlineData("query")]
    [InlineData("query", "x", "--format", "xml")]
    [InlineData("qery", "x")]
    [InlineData("simulate", "boats")]
    [InlineData("simulate", "cars", "--devices", "0")]
    [InlineData("simulate", "cars", "--for", "long")]
    [InlineData("check")]
    [InlineData]
    public async Task Wrong_usage_is_told_and_ends_with_2(params string[] args)
    {
        var shell = new Shell();
        Assert.Equal(Exit.Invalid, await shell.RunAsync(args));
        Assert.NotEmpty(shell.Error);
        Assert.Empty(shell.Server.Asked);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("serve")]
    [InlineData("query")]
    [InlineData("publish")]
    [InlineData("apply")]
    [InlineData("check")]
    [InlineData("ledger")]
    [InlineData("dead-letters")]
    [InlineData("simulate")]
    public async Task The_help_of_each_verb_ends_with_an_example(string verb)
    {
        var shell = new Shell();
        Assert.Equal(Exit.Ok, await shell.RunAsync(verb, "--help"));
        Assert.Contains("Exit codes: 0", shell.Out, StringComparison.Ordinal);
        Assert.StartsWith($"  millrace {verb}", shell.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_file_passes_the_check()
    {
        var shell = new Shell { Files = { ["demo"] = DemoFile.Text() } };
        Assert.Equal(Exit.Ok, await shell.RunAsync("check", "-f", "demo"));
        Assert.Contains("no mistakes", shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Applying_tells_what_changed_or_every_mistake_with_its_place()
    {
        var shell = new Shell { Files = { ["p"] = "flows: {}" }, Server = new FakeServer(200, """{"created":["flow a"],"changed":["table b.c"],"unchanged":["flow d","flow e"],"removed":[]}""") };
        Assert.Equal(Exit.Ok, await shell.RunAsync("apply", "-f", "p"));
        Assert.Equal("flows: {}", shell.Server.Body);
        Assert.Equal("created  flow a\nchanged  table b.c\n2 unchanged.\n", shell.Out);

        shell = new Shell { Files = { ["p"] = "x" }, Server = new FakeServer(400, """{"problems":[{"where":"flows.a","what":"is wrong","line":3,"column":5}]}""") };
        Assert.Equal(Exit.Invalid, await shell.RunAsync("apply", "-f", "p"));
        Assert.Equal("p:3:5: flows.a: is wrong\n1 mistake.\n", shell.Error);
    }

    [Fact]
    public async Task A_ledger_that_does_not_balance_ends_with_1()
    {
        const string Ledger = """{"balanced":BALANCED,"gateway":{"received":9,"acknowledged":8,"accepted":1,"refused":0,"waiting":0,"connections":3},"log":{"records":9},"flows":[{"name":"a","state":"retrying","error":"away","sink":"lake","target":"cars","lag":2,"messages":{"matched":9,"stored":7,"absorbed":0,"rejected":0,"deadLettered":0,"waiting":2},"balanced":true}]}""";
        var good = new Shell { Server = new FakeServer(200, Ledger.Replace("BALANCED", "true", StringComparison.Ordinal)) };
        Assert.Equal(Exit.Ok, await good.RunAsync("ledger"));
        Assert.Contains("9 received = 8 acknowledged + 1 accepted", good.Out, StringComparison.Ordinal);
        Assert.Contains("lake cars", good.Out, StringComparison.Ordinal);
        Assert.Contains("a: away", good.Out, StringComparison.Ordinal);
        var bad = new Shell { Server = new FakeServer(200, Ledger.Replace("BALANCED", "false", StringComparison.Ordinal)) };
        Assert.Equal(Exit.Failure, await bad.RunAsync("ledger", "--format", "json"));
    }

    [Fact]
    public async Task Dead_letters_are_shown_with_their_reason()
    {
        var shell = new Shell { Server = new FakeServer(200, """{"deadLetters":[{"flow":"a","partition":0,"offset":7,"at":"2021-01-01T00:00:00Z","topic":"t","fault":"Unreadable","reason":"not JSON","payload":"\u001bx","encoding":"utf8"}]}""") };
        Assert.Equal(Exit.Ok, await shell.RunAsync("dead-letters", "--flow", "a b", "--limit", "3"));
        Assert.EndsWith("/api/v1/dead-letters?flow=a%20b&limit=3", shell.Server.Asked, StringComparison.Ordinal);
        Assert.Contains("not JSON", shell.Out, StringComparison.Ordinal);
        Assert.Contains("\\u001bx", shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_simulation_takes_what_it_is_told()
    {
        var shell = new Shell();
        Assert.Equal(Exit.Ok, await shell.RunAsync("simulate", "homes", "--devices", "3", "--interval", "100ms", "--mqtt", "localhost:2000", "--for", "10s"));
        Assert.Equal(FleetOptions.For("homes", FleetKind.Homes) with { Devices = 3, Interval = TimeSpan.FromMilliseconds(100) }, Assert.Single(shell.Simulated!.Fleets));
        Assert.Equal(2000, shell.Simulated.Mqtt.Port);
        Assert.Equal(TimeSpan.FromSeconds(10), shell.Simulated.For);
    }
}
