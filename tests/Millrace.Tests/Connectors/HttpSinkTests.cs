using Millrace.Connectors.Http;
using Millrace.Connectors.Lanes;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Testing;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Connectors;

public sealed class HttpSinkTests
{
    private readonly ScriptedHandler _server = new();
    private readonly LaneMemory _memory = new();
    private readonly Testing.ManualClock _clock = new();
    private readonly Outcomes _outcomes = new();

    [Fact]
    public async Task Each_record_is_the_body_of_a_post_in_order_with_the_headers_of_its_message()
    {
        var target = Target("https://example.com/cars/$") with { Headers = [new("X-Car", new TestText("car $"))], Authorization = "Bearer secret" };
        await WriteAsync(Sink(target), 0, "1", "2");
        Assert.Equal(["https://example.com/cars/1", "https://example.com/cars/2"], _server.Requests.Select(static request => request.Url));
        Assert.Equal(["1", "2"], _server.Bodies);
        Assert.Equal("car 2", Assert.Single(_server.Requests[1].Headers.GetValues("X-Car")));
        Assert.Equal("Bearer secret", Assert.Single(_server.Requests[1].Headers.GetValues("Authorization")));
    }

    [Theory]
    [InlineData("""{"a":1}""", "application/json")]
    [InlineData("22", "application/json")]
    [InlineData("no json", "application/octet-stream")]
    [InlineData("", "application/octet-stream")]
    public async Task The_content_type_is_that_of_the_record_unless_a_header_says_another(string payload, string type)
    {
        await WriteAsync(Sink(Target("http://h/")), 0, payload);
        await WriteAsync(Sink(Target("http://h/") with { Headers = [new("content-type", new TestText("text/csv"))] }), 1, payload);
        Assert.Equal([type, "text/csv"], _server.Requests.Select(static request => request.ContentType));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    public async Task A_server_that_is_busy_gets_the_record_again_and_no_other_twice(int status)
    {
        _server.Then(200).Then(status, "later");
        var failure = await Assert.ThrowsAsync<FaultException>(() => WriteAsync(Sink(), 0, "1", "2", "3"));
        Assert.Equal(Fault.Unavailable, failure.Fault);
        Assert.Contains($"{status}", failure.Message, StringComparison.Ordinal);
        await WriteAsync(Sink(), 0, "1", "2", "3");
        Assert.Equal(["1", "2", "2", "3"], _server.Bodies);
        Assert.Empty(_outcomes.Refusals);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(302)]
    public async Task What_the_server_will_not_have_is_refused_in_its_words_and_the_rest_goes_on(int status)
    {
        _server.Then(status, "no\nsuch \u0007car", location: "http://elsewhere/");
        await WriteAsync(Sink(), 0, "1", "2");
        Assert.Equal(["1", "2"], _server.Bodies);
        var refusal = Assert.Single(_outcomes.Refusals);
        Assert.Equal((0, Fault.Refused), (refusal.Index, refusal.Fault));
        Assert.StartsWith($"{status} ", refusal.Reason, StringComparison.Ordinal);
        Assert.EndsWith("no such  car", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_answer_without_end_only_the_beginning_is_read()
    {
        _server.Then(400, new string('x', 1_000_000));
        await WriteAsync(Sink(), 0, "1");
        Assert.InRange(Assert.Single(_outcomes.Refusals).Reason.Length, 100, 300);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_is_tried_again_and_one_that_must_not_be_is_not()
    {
        _server.ThenFails(new HttpRequestException("no", new IOException("connection reset")));
        Assert.Equal(Fault.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => WriteAsync(Sink(), 0, "1"))).Fault);
        _server.ThenFails(new HttpRequestException("no", new FaultException(Fault.Refused, "link-local")));
        await WriteAsync(Sink(), 0, "1");
        Assert.Equal("link-local", Assert.Single(_outcomes.Refusals).Reason);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("100000", 300)]
    [InlineData("-5", 0)]
    [InlineData("Mon, 02 Jun 2025 08:00:09 GMT", 9)]
    [InlineData("soon", 0)]
    public async Task Retry_after_is_waited_for_before_the_next_try(string header, int seconds)
    {
        _server.Then(429, retryAfter: header);
        await Assert.ThrowsAsync<FaultException>(() => WriteAsync(Sink(), 0, "1"));
        var opening = Sink().OpenAsync(default).AsTask();
        Assert.Equal(seconds == 0, opening.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        await opening;
    }

    [Fact]
    public async Task After_so_many_tries_a_record_that_breaks_the_server_is_set_aside()
    {
        var target = Target("http://h/") with { Tries = 3 };
        _server.Then(500).Then(503).Then(500, "still broken");
        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<FaultException>(() => WriteAsync(Sink(target), 0, "1", "2"));
        await WriteAsync(Sink(target), 0, "1", "2");
        Assert.Equal(["1", "1", "1", "2"], _server.Bodies);
        Assert.Contains("tried 3 times", Assert.Single(_outcomes.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_refused_before_a_failure_is_refused_again_without_asking()
    {
        _server.Then(400).Then(500);
        await Assert.ThrowsAsync<FaultException>(() => WriteAsync(Sink(), 0, "1", "2"));
        _outcomes.Clear();
        await WriteAsync(Sink(), 0, "1", "2");
        Assert.Equal(["1", "2", "2"], _server.Bodies);
        Assert.Equal(0, Assert.Single(_outcomes.Refusals).Index);
    }

    [Theory]
    [InlineData("https://example.com/$", "../../x", "https://example.com/x")]
    [InlineData("https://example.com/$", "a b?q=1&r=ü", "https://example.com/a%20b?q=1&r=%C3%BC")]
    public async Task A_message_may_shape_the_url(string url, string value, string asked)
    {
        await WriteAsync(Sink(Target(url)), 0, value);
        Assert.Equal(asked, Assert.Single(_server.Requests).Url);
    }

    [Theory]
    [InlineData("https://$", "elsewhere", "another host")]
    [InlineData("https://example.com$", ".evil.org/", "another host")]
    [InlineData("https://example.com$", ":8443/", "another host")]
    [InlineData("https://example.com/$", "none", "the url: ${x} is Undefined")]
    [InlineData("$", "file:///etc/passwd", "must begin with http")]
    [InlineData("$", "not a url", "the url is none")]
    [InlineData("https://$", "user@example.com/", "holds a user")]
    public async Task A_message_may_not_lead_the_url_elsewhere(string url, string value, string reason)
    {
        await WriteAsync(Sink(Target(url)), 0, value);
        Assert.Empty(_server.Requests);
        Assert.Contains(reason, Assert.Single(_outcomes.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_url_that_leaves_what_was_confirmed_is_refused()
    {
        var target = Target("https://example.com/ours/$") with { ConfirmationUrl = new Uri("https://example.com/ours/") };
        await WriteAsync(new HttpSink(target, new HttpMessageInvoker(_server), _memory, null, _clock), 0, "../theirs", "in");
        Assert.Equal("https://example.com/ours/in", Assert.Single(_server.Requests).Url);
        Assert.Contains("confirmationUrl", Assert.Single(_outcomes.Refusals).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("ü")]
    [InlineData("\u007f")]
    public async Task A_header_that_would_be_two_is_refused(string value)
    {
        await WriteAsync(Sink(Target("http://h/") with { Headers = [new("X-A", new TestText("$"))] }), 0, value);
        Assert.Empty(_server.Requests);
        Assert.Contains("X-A", Assert.Single(_outcomes.Refusals).Reason, StringComparison.Ordinal);
    }

    private static HttpTarget Target(string url) =>
        new() { Url = new TestText(url), Authority = url == "$" ? null : url.StartsWith("https", StringComparison.Ordinal) ? "https://example.com" : "http://h" };

    private HttpSink Sink(HttpTarget? target = null) => new(target ?? Target("http://h/"), new HttpMessageInvoker(_server), _memory, null, _clock);

    private async Task WriteAsync(HttpSink sink, long offset, params string[] payloads)
    {
        using var batch = Batches.From(offset, payloads);
        await sink.WriteAsync(batch, new Checkpoint(offset, default), _outcomes, default);
    }
}
