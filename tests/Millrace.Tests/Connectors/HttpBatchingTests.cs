using Millrace.Connectors.Http;
using Millrace.Connectors.Lanes;
using Millrace.Contracts;
using Millrace.Contracts.Flows;

namespace Millrace.Tests.Connectors;

public sealed class HttpBatchingTests
{
    private readonly ScriptedHandler _server = new();
    private readonly LaneMemory _memory = new();
    private readonly Testing.ManualClock _clock = new();
    private readonly Outcomes _outcomes = new();

    [Fact]
    public async Task Records_are_gathered_over_writes_until_there_are_enough()
    {
        var sink = Sink(new HttpBatching(3, 1000, TimeSpan.FromSeconds(10)));
        await WriteAsync(sink, 0, "1", "2");
        Assert.Empty(_server.Bodies);
        await WriteAsync(sink, 2, "3", "4");
        Assert.Equal(["[1,2,3]"], _server.Bodies);
        Assert.Equal("application/json", _server.Requests[0].ContentType);
    }

    [Fact]
    public async Task A_commit_covers_what_was_sent_and_sends_what_is_old_enough()
    {
        var sink = Sink(new HttpBatching(100, 1000, TimeSpan.FromSeconds(2)));
        await WriteAsync(sink, 0, "1");
        await WriteAsync(sink, 1, "2");
        Assert.Equal(new Checkpoint(0, default), await sink.CommitAsync(new Checkpoint(2, default), default));
        Assert.Empty(_server.Bodies);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(new Checkpoint(2, default), await sink.CommitAsync(new Checkpoint(2, default), default));
        Assert.Equal(["[1,2]"], _server.Bodies);
    }

    [Fact]
    public async Task An_array_is_not_larger_than_allowed_unless_one_record_is()
    {
        var sink = Sink(new HttpBatching(100, 12, TimeSpan.Zero));
        await WriteAsync(sink, 0, "1111", "2222", "3333", "\"much larger than that\"", "5");
        await sink.CommitAsync(new Checkpoint(5, default), default);
        Assert.Equal(["[1111,2222]", "[3333]", "[\"much larger than that\"]", "[5]"], _server.Bodies);
    }

    [Fact]
    public async Task Records_for_another_url_go_in_another_request()
    {
        var sink = Sink(new HttpBatching(100, 1000, TimeSpan.Zero), "http://h/$");
        await WriteAsync(sink, 0, "1", "1", "2", "1");
        await sink.CommitAsync(new Checkpoint(4, default), default);
        Assert.Equal(["[1,1]", "[2]", "[1]"], _server.Bodies);
        Assert.Equal("http://h/2", _server.Requests[1].Url);
    }

    [Fact]
    public async Task Of_an_array_that_is_refused_each_record_goes_alone_and_the_bad_one_is_set_aside_by_its_own_write()
    {
        var limits = new HttpBatching(3, 1000, TimeSpan.Zero);
        var sink = Sink(limits);
        await WriteAsync(sink, 0, "1", "2");
        _server.Then(400).Then(200).Then(422, "bad").Then(200);
        var failure = await Assert.ThrowsAsync<FaultException>(() => WriteAsync(sink, 2, "3"));
        Assert.Equal(Fault.Unavailable, failure.Fault);
        Assert.Equal(["[1,2,3]", "[1]", "[2]", "[3]"], _server.Bodies);
        _outcomes.Clear();

        var again = Sink(limits);
        await WriteAsync(again, 0, "1", "2");
        Assert.Equal((1, "422 Unprocessable Entity: bad"), Assert.Single(_outcomes.Refusals) is var refusal ? (refusal.Index, refusal.Reason) : default);
        await WriteAsync(again, 2, "3");
        Assert.Equal(4, _server.Requests.Count);
        Assert.Equal(new Checkpoint(3, default), await again.CommitAsync(new Checkpoint(3, default), default));
    }

    [Fact]
    public async Task What_is_not_json_is_refused_and_the_array_stays_one()
    {
        var sink = Sink(new HttpBatching(100, 1000, TimeSpan.Zero));
        await WriteAsync(sink, 0, "1", "1] , [2", "{", "2");
        await sink.CommitAsync(new Checkpoint(4, default), default);
        Assert.Equal(["[1,2]"], _server.Bodies);
        Assert.Equal([1, 2], _outcomes.Refusals.Select(static refusal => refusal.Index));
    }

    private HttpSink Sink(HttpBatching batching, string url = "http://h/") =>
        new(new HttpTarget { Url = new TestText(url), Authority = "http://h", Batching = batching }, new HttpMessageInvoker(_server), _memory, null, _clock);

    private async Task WriteAsync(HttpSink sink, long offset, params string[] payloads)
    {
        using var batch = Batches.From(offset, payloads);
        await sink.WriteAsync(batch, new Checkpoint(offset, default), _outcomes, default);
    }
}
