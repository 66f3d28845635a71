using Millrace.Server.Cli;

namespace Millrace.Tests.Server.Cli;

public sealed class RuleVerbTests
{
    [Fact]
    public async Task A_rule_is_put_as_it_stands_in_its_file()
    {
        var shell = new Shell { Files = { ["alarm.json"] = """{"sql":"x"}""" } };
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", "put", "a b", "-f", "alarm.json"));
        Assert.Equal("PUT http://127.0.0.1:8080/api/v1/rules/a%20b", shell.Server.Asked);
        Assert.Equal("""{"sql":"x"}""", shell.Server.Body);
    }

    [Fact]
    public async Task Mistakes_of_a_rule_are_told_with_their_places()
    {
        var shell = new Shell
        {
            Files = { ["f"] = "{}" },
            Server = new FakeServer(400, """{"problems":[{"where":"actions","what":"is missing","line":1,"column":1}]}"""),
        };
        Assert.Equal(Exit.Invalid, await shell.RunAsync("rule", "put", "alarm", "-f", "f"));
        Assert.Equal("f:1:1: actions: is missing\n1 mistake.\n", shell.Error);
    }

    [Theory]
    [InlineData("enable", "POST", "/enable")]
    [InlineData("disable", "POST", "/disable")]
    [InlineData("delete", "DELETE", "")]
    public async Task A_rule_is_switched_and_deleted_by_its_name(string verb, string method, string path)
    {
        var shell = new Shell();
        Assert.Equal(Exit.Ok, await shell.RunAsync("rule", verb, "alarm"));
        Assert.Equal($"{method} http://127.0.0.1:8080/api/v1/rules/alarm{path}", shell.Server.Asked);
    }

    [Fact]
    public async Task A_rule_of_the_pipeline_file_has_no_document_to_show()
    {
        var shell = new Shell { Server = new FakeServer(200, """{"name":"mine","document":null,"from":"pipeline"}""") };
        Assert.Equal(Exit.Failure, await shell.RunAsync("rule", "get", "mine"));
        Assert.Contains("pipeline file", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_found_by_its_keys_and_shown_harmless()
    {
        var shell = new Shell { Server = new FakeServer(200, """{"vin":"\u001b[2J"}""") };
        Assert.Equal(Exit.Ok, await shell.RunAsync("documents", "get", "trips", "a/7", "1 2"));
        Assert.Equal("GET http://127.0.0.1:8080/api/v1/documents/trips/a%2F7/1%202", shell.Server.Asked);
        Assert.DoesNotContain('\u001b', shell.Out);
    }

    [Fact]
    public async Task Documents_are_listed_and_more_are_announced()
    {
        var shell = new Shell { Server = new FakeServer(200, """{"documents":[{"key":"a","document":{"n":1}}],"after":"a"}""") };
        Assert.Equal(Exit.Ok, await shell.RunAsync("documents", "list", "cars", "--limit", "1", "--format", "csv"));
        Assert.Equal("GET http://127.0.0.1:8080/api/v1/documents/cars?limit=1&after=", shell.Server.Asked);
        Assert.Equal("key,document\na,\"{\"\"n\"\":1}\"\n", shell.Out);
        Assert.Contains("--after 'a'", shell.Error, StringComparison.Ordinal);
    }
}
