using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Simulator;
using Millrace.Simulator.Links;
using Millrace.Testing;

namespace Millrace.Tests.Simulator;

public sealed class UplinkTests : IDisposable
{
    private static readonly FleetOptions Options = Payloads.Options(FleetKind.Homes) with { Interval = TimeSpan.FromSeconds(1), MaxWaiting = 100 };

    private readonly ManualClock _clock = new();
    private readonly FakeServer _server = new();
    private readonly CountingDevice _device = new();
    private readonly Tally _tally = new("some", NullLogger.Instance);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Uplink _uplink;
    private Task _running = Task.CompletedTask;

    public UplinkTests() => _uplink = new Uplink(_device, _server, Options, new Random(1), _tally, _clock);

    [Fact]
    public async Task It_subscribes_to_its_commands_and_hands_them_to_the_device()
    {
        Start();
        var link = await _server.NextConnectionAsync();
        await MeasureAsync();
        await link.NextAsync();
        Assert.Equal("counter", link.ClientId);
        Assert.Equal(["cmd/counter"], link.Subscriptions);
        link.Send("STOP"u8.ToArray());
        Assert.Equal(["STOP"], _device.Commands);
        await EndAsync();
    }

    [Fact]
    public async Task What_was_not_acknowledged_is_sent_again_in_order_after_a_reconnect()
    {
        _device.MessagesEach = 3;
        Start();
        var first = await _server.NextConnectionAsync();
        await MeasureAsync();
        var sent = await first.NextAsync(3);
        sent[0].Answer.SetResult(true);
        first.Break();

        await ReconnectAsync();
        var second = await _server.NextConnectionAsync();
        var again = await second.NextAsync(2);
        Assert.Equal(["2", "3"], again.Select(static p => p.Text));
        Assert.Equal(2, _tally.Counts.SentAgain);
        again.ForEach(static p => p.Answer.SetResult(true));
        await StopAsync();
        Assert.Equal((3, 3, 0), (_tally.Counts.Published, _tally.Counts.Acknowledged, _tally.Counts.Waiting));
    }

    [Fact]
    public async Task A_connection_that_breaks_while_nothing_is_sent_is_made_again()
    {
        Start();
        var first = await _server.NextConnectionAsync();
        await MeasureAsync();
        (await first.NextAsync()).Answer.SetResult(true);
        first.Break();
        await ReconnectAsync();
        var second = await _server.NextConnectionAsync();
        await MeasureAsync();
        Assert.Equal("2", (await second.NextAsync()).Text);
        await EndAsync();
    }

    [Fact]
    public async Task A_message_the_server_refuses_is_counted_and_not_sent_again()
    {
        _device.MessagesEach = 2;
        Start();
        var link = await _server.NextConnectionAsync();
        await MeasureAsync();
        var sent = await link.NextAsync(2);
        sent[0].Answer.SetResult(false);
        sent[1].Answer.SetResult(true);
        await StopAsync();
        Assert.Equal((1, 1, 0), (_tally.Counts.Refused, _tally.Counts.Acknowledged, _tally.Counts.Waiting));
    }

    [Fact]
    public async Task Out_of_reach_it_says_goodbye_measures_on_and_delivers_everything_in_a_burst()
    {
        Start();
        var first = await _server.NextConnectionAsync();
        first.Acknowledges = true;
        await MeasureAsync();
        await first.NextAsync();

        _device.Online = false;
        for (var i = 0; i < 30; i++) await MeasureAsync();
        await first.Closed;
        Assert.True(first.SaidGoodbye);

        // What was measured just before it noticed may have been delivered still.
        var delivered = (int)_tally.Counts.Acknowledged;
        _device.Online = true;
        await MeasureAsync();
        var second = await _server.NextConnectionAsync();
        second.Acknowledges = true;
        var expected = Enumerable.Range(delivered + 1, 32 - delivered).Select(static n => $"{n}");
        var burst = await AcknowledgeAsync(second, 32 - delivered);
        Assert.Equal(expected, burst);
        await StopAsync();
        Assert.Equal(32, _tally.Counts.Acknowledged);
    }

    [Fact]
    public async Task While_the_server_is_away_the_oldest_go_when_no_more_can_be_kept()
    {
        _server.IsAway = true;
        _device.MessagesEach = 60;
        Start();
        await MeasureAsync();
        await MeasureAsync();
        Assert.Equal((120, 20, 100), (_tally.Counts.Published, _tally.Counts.Dropped, _tally.Counts.Waiting));
        Assert.True(_server.Refusals > 1);

        _server.IsAway = false;
        await ReconnectAsync();
        var link = await _server.NextConnectionAsync();
        Assert.Equal("21", (await link.NextAsync()).Text);
        await EndAsync();
        Assert.Equal(100, _tally.Counts.Waiting);
    }

    [Fact]
    public async Task Stopped_it_delivers_what_it_keeps_before_it_leaves()
    {
        _device.MessagesEach = 50;
        Start();
        var link = await _server.NextConnectionAsync();
        await MeasureAsync();
        await link.NextAsync(20);
        await _stop.CancelAsync();
        Assert.False(_running.IsCompleted);
        link.Acknowledges = true;
        link.AnswerAll();
        await _running;
        Assert.Equal((50, 0), (_tally.Counts.Acknowledged, _tally.Counts.Waiting));
        Assert.True(link.SaidGoodbye);
    }

    public void Dispose()
    {
        _uplink.Dispose();
        _stop.Dispose();
        _end.Dispose();
    }

    private void Start() => _running = Task.WhenAll(_uplink.MeasureAsync(_stop.Token), _uplink.DeliverAsync(_stop.Token, _end.Token));

    // The measuring loop sleeps whenever it does not measure: one timer, and a second one while the other loop waits to connect again.
    private async Task MeasureAsync()
    {
        var before = _tally.Counts.Published;
        var due = before + _device.MessagesEach;
        while (_tally.Counts.Published < due)
        {
            await _clock.TimersAsync(_server.IsAway ? 2 : 1);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        await _clock.TimersAsync(_server.IsAway ? 2 : 1);
    }

    private async Task ReconnectAsync()
    {
        await _clock.TimersAsync(2);
        while (_tally.Counts.Connected == 0)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }
    }

    private async Task<List<string>> AcknowledgeAsync(FakeServer.Connection link, int count)
    {
        link.AnswerAll();
        return [.. (await link.NextAsync(count)).Select(static p => p.Text)];
    }

    /// <summary>What is answered is counted before it ends.</summary>
    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _end.CancelAsync();
        await _running;
    }
}
