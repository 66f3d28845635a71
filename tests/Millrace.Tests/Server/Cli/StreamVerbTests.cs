using Millrace.Server.Cli;

namespace Millrace.Tests.Server.Cli;

public sealed class StreamVerbTests
{
    [Fact]
    public async Task A_stream_is_made_as_asked()
    {
        var shell = new Shell();
        Assert.Equal(Exit.Ok, await shell.RunAsync("stream", "create", "alarms", "--partitions", "4", "--retention", "2d", "--max-bytes", "1GiB"));
        Assert.Equal("POST http://127.0.0.1:8080/api/v1/streams", shell.Server.Asked);
        Assert.Equal("""{"name":"alarms","partitions":4,"retention":"2d","maxBytes":"1GiB","maxRecordSize":null}""", shell.Server.Body);
    }

    [Theory]
    [InlineData("PATCH http://127.0.0.1:8080/api/v1/streams/a%20b", "alter", "a b", "--retention", "1d")]
    [InlineData("DELETE http://127.0.0.1:8080/api/v1/streams/s?force=true", "delete", "s", "--force")]
    [InlineData("GET http://127.0.0.1:8080/api/v1/streams/s", "describe", "s")]
    [InlineData("POST http://127.0.0.1:8080/api/v1/streams/s/records", "put", "s", "-k", "key", "-m", "hello")]
    [InlineData("POST http://127.0.0.1:8080/api/v1/streams/ingress/partitions/2/skip", "skip", "ingress", "--partition", "2", "--at", "7")]
    [InlineData("PUT http://127.0.0.1:8080/api/v1/streams/s/consumers/me", "consumer", "reset", "s", "me", "--from", "2h")]
    [InlineData("DELETE http://127.0.0.1:8080/api/v1/streams/s/consumers/me", "consumer", "delete", "s", "me")]
    [InlineData("GET http://127.0.0.1:8080/api/v1/streams/s/consumers", "consumer", "list", "s")]
    public async Task Each_verb_asks_for_what_it_says(string asked, params string[] arguments)
    {
        var shell = new Shell();
        Assert.Equal(Exit.Ok, await shell.RunAsync(["stream", .. arguments]));
        Assert.Equal(asked, shell.Server.Asked);
    }

    [Theory]
    [InlineData("alter", "s", "--partitions", "4")]
    [InlineData("put", "s")]
    [InlineData("tail", "s", "--max", "0")]
    [InlineData("tail", "s", "--format", "xml")]
    [InlineData("skip", "s", "--partition", "0")]
    [InlineData("replay", "s")]
    [InlineData("replay", "s", "--into", "s")]
    [InlineData("replay", "s", "--into", "t", "--topic", "x")]
    [InlineData("replay", "s", "--topic", "a/#")]
    [InlineData("replay", "s", "--into", "t", "--rate", "-1")]
    public async Task What_makes_no_sense_is_refused_before_anybody_is_asked(params string[] arguments)
    {
        var shell = new Shell();
        Assert.Equal(Exit.Invalid, await shell.RunAsync(["stream", .. arguments]));
        Assert.NotEqual("", shell.Error);
    }

    [Fact]
    public async Task A_record_that_is_refused_is_told_by_its_number()
    {
        var shell = new Shell { Server = new(200, """{"records":[{"sequenceNumber":"1"},{"error":"partitionKey must have 1 to 256 characters"}]}""") };
        Assert.Equal(Exit.Invalid, await shell.RunAsync("stream", "put", "s", "-k", "k", "-m", "x"));
        Assert.Contains("record 2: partitionKey", shell.Error, StringComparison.Ordinal);
    }
}
