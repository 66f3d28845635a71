namespace Millrace.SystemTests;

/// <summary>Streams by the command line of the real program.</summary>
public sealed class StreamCommandTests
{
    [Fact]
    public async Task A_replay_that_cannot_begin_leaves_nothing_behind_and_the_next_carries_all()
    {
        await using var server = await MillraceProcess.StartAsync();
        await OkAsync(server, "stream", "create", "alarms", "--partitions", "2");
        await OkAsync(server, "stream", "create", "again");
        for (var i = 0; i < 5; i++) await OkAsync(server, "stream", "put", "alarms", "--key", $"car-{i}", "--message", $$"""{"n":{{i}}}""");

        var nowhere = await server.CliAsync("stream", "replay", "alarms", "--from", "oldest", "--into", "nowhere");
        Assert.NotEqual(0, nowhere.Code);
        Assert.Contains("nowhere", nowhere.Error, StringComparison.Ordinal);
        var beyond = await server.CliAsync("stream", "replay", "alarms", "--from", "at:4000", "--into", "again");
        Assert.NotEqual(0, beyond.Code);
        Assert.Contains("has not come to sequence number 4000", beyond.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("replay.", await OkAsync(server, "stream", "consumer", "list", "alarms"), StringComparison.Ordinal);

        Assert.Equal("5 records replayed", (await OkAsync(server, "stream", "replay", "alarms", "--from", "oldest", "--into", "again")).Trim());
        var lines = (await OkAsync(server, "stream", "tail", "again", "--from", "oldest", "--no-wait", "--format", "raw")).Trim().Split('\n');
        Assert.Equal(["{\"n\":0}", "{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "{\"n\":4}"], lines.Order(StringComparer.Ordinal));
    }

    private static async Task<string> OkAsync(MillraceProcess server, params string[] arguments)
    {
        var done = await server.CliAsync(arguments);
        Assert.True(done.Code == 0, $"{string.Join(' ', arguments)}: {done.Error}");
        return done.Output;
    }
}
