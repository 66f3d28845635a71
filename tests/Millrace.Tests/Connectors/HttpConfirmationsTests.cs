using System.Text.Json;
using Millrace.Connectors.Http;
using Millrace.Connectors.Lanes;
using Millrace.Contracts;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Connectors;

public sealed class HttpConfirmationsTests
{
    private readonly ScriptedHandler _server = new();
    private readonly MemoryDocuments _documents = new();
    private readonly Testing.ManualClock _clock = new();

    [Fact]
    public async Task A_destination_is_asked_once_an_hour_until_it_agrees_and_that_is_kept()
    {
        Assert.Equal(Fault.Unavailable, (await Assert.ThrowsAsync<FaultException>(OpenAsync)).Fault);
        await Assert.ThrowsAsync<FaultException>(OpenAsync);
        Assert.Single(_server.Requests);
        _clock.Advance(TimeSpan.FromMinutes(61));
        await Assert.ThrowsAsync<FaultException>(OpenAsync);
        var asked = _server.Requests.Select(static request => JsonSerializer.Deserialize<JsonElement>(request.Body)).ToArray();
        var token = asked[0].GetProperty("confirmationToken").GetString()!;
        Assert.Equal([token, token], asked.Select(static one => one.GetProperty("confirmationToken").GetString()));
        Assert.Equal("http://here/" + token, asked[0].GetProperty("enableUrl").GetString());
        Assert.Equal(["arn", "confirmationToken", "enableUrl", "messageType"], asked[0].EnumerateObject().Select(static property => property.Name));

        Assert.Null(Confirmations().Confirm("nobody's"));
        Assert.Equal("https://example.com/ours", Confirmations().Confirm(token));
        await OpenAsync();
        Assert.Equal(2, _server.Requests.Count);
        var known = Assert.Single(Confirmations().All);
        Assert.Equal(("ENABLED", (string?)null), (known.Status, known.Token));
    }

    [Fact]
    public async Task One_that_cannot_be_asked_is_asked_at_the_next_try()
    {
        _server.Then(404, "not here").Then(500);
        Assert.Contains("404", (await Assert.ThrowsAsync<FaultException>(OpenAsync)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FaultException>(OpenAsync);
        await Assert.ThrowsAsync<FaultException>(OpenAsync);
        Assert.Equal(3, _server.Requests.Count);
    }

    private HttpConfirmations Confirmations() => new(_documents, static () => "http://here/", _clock);

    private async Task OpenAsync()
    {
        var target = new HttpTarget { Url = new TestText("https://example.com/ours"), Authority = null, ConfirmationUrl = new Uri("https://example.com/ours") };
        await using var sink = new HttpSink(target, new HttpMessageInvoker(_server, disposeHandler: false), new LaneMemory(), Confirmations(), _clock);
        await sink.OpenAsync(default);
    }
}
