using Millrace.Server.Cli;

namespace Millrace.Tests.Server.Cli;

public sealed class TableVerbTests
{
    private const string Table = "http://127.0.0.1:8080/api/v1/databases/fleet/tables/readings";

    [Fact]
    public async Task A_table_is_altered_by_what_is_named()
    {
        var shell = new Shell();
        Assert.Equal(Exit.Ok, await shell.RunAsync(
            "table", "alter", "fleet.readings", "--retention", "30d", "--magnetic-writes", "false", "--measures", "load:bigint,a:b:varchar", "--dimensions", "name, fleet"));
        Assert.Equal($"PUT {Table}", shell.Server.Asked);
        Assert.Equal("""{"dimensions":["name","fleet"],"measures":{"load":"bigint","a:b":"varchar"},"retention":"30d","magneticWrites":false}""", shell.Server.Body);
        Assert.Equal(Exit.Invalid, await shell.RunAsync("table", "alter", "fleet.readings"));
        Assert.Equal(Exit.Invalid, await shell.RunAsync("table", "alter", "readings", "--retention", "30d"));
        Assert.Equal(Exit.Invalid, await shell.RunAsync("table", "alter", "fleet.readings", "--measures", "load"));
    }

    [Fact]
    public async Task A_table_that_is_there_is_not_created_and_one_that_is_not_is_not_altered()
    {
        var there = new Shell();
        Assert.Equal(Exit.Invalid, await there.RunAsync("table", "create", "fleet.readings"));
        Assert.Equal("There is a table fleet.readings already; change it with millrace table alter.\n", there.Error);
        var none = new Shell { Server = new FakeServer(404, """{"error":{"message":"there is no table fleet.readings"}}""") };
        Assert.Equal(Exit.Invalid, await none.RunAsync("table", "alter", "fleet.readings", "--retention", "1d"));
        Assert.Equal("There is no table fleet.readings; make it with millrace table create.\n", none.Error);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("--force", "?force=true")]
    public async Task A_table_is_deleted(string option, string query)
    {
        var shell = new Shell();
        Assert.Equal(Exit.Ok, await shell.RunAsync([.. (string[])["table", "delete", "fleet.readings"], .. option.Length > 0 ? (string[])[option] : []]));
        Assert.Equal($"DELETE {Table}{query}", shell.Server.Asked);
    }

    [Fact]
    public async Task A_table_is_described_line_by_line()
    {
        var shell = new Shell
        {
            Server = new FakeServer(200, """{"name":"fleet.readings","retention":"30d","magneticWrites":true,"declared":["retention"],"dimensions":["vin"],"measureNames":[{"name":"all","type":"multi"}],"columns":[{"name":"load","type":"bigint"}]}"""),
        };
        Assert.Equal(Exit.Ok, await shell.RunAsync("table", "describe", "fleet.readings"));
        foreach (var line in (string[])["retention        30d", "magneticWrites   true", "declared         retention (in the pipeline file)", "dimension        vin", "measure name     all multi", "measure column   load bigint"])
            Assert.Contains(line, shell.Out, StringComparison.Ordinal);
    }
}
