using Microsoft.AspNetCore.Connections;
using Millrace.Gateway;
using Millrace.Gateway.Kestrel;
using Millrace.Gateway.Listening;

namespace Millrace.Tests.Gateway;

/// <summary>What stands in front of a listener: limits on connections, and on handshakes.</summary>
public sealed class KestrelGatesTests : GatewayTest
{
    [Fact]
    public void A_second_s_worth_of_connections_comes_at_once_and_the_next_wait_their_turn()
    {
        var rate = new ConnectRate(5, TimeSpan.FromSeconds(1), Time);
        for (var i = 0; i < 5; i++) Assert.Equal(TimeSpan.Zero, Wait(rate));
        Assert.Equal(TimeSpan.FromSeconds(0.2), Wait(rate));
        Assert.Equal(TimeSpan.FromSeconds(0.4), Wait(rate));
        Time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.Equal(TimeSpan.FromSeconds(0.2), Wait(rate));
    }

    [Fact]
    public void Beyond_the_queue_a_connection_is_turned_away_and_takes_nobody_s_turn()
    {
        var rate = new ConnectRate(2, TimeSpan.FromSeconds(1), Time);
        for (var i = 0; i < 4; i++) Wait(rate);
        for (var i = 0; i < 100; i++) Assert.False(rate.TryTakeTurn(out _));
        Time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(TimeSpan.FromSeconds(1), Wait(rate));
    }

    [Fact]
    public void An_idle_hour_saves_up_no_more_than_a_second_s_worth()
    {
        var rate = new ConnectRate(3, TimeSpan.FromSeconds(1), Time);
        Wait(rate);
        Time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 3; i++) Assert.Equal(TimeSpan.Zero, Wait(rate));
        Assert.NotEqual(TimeSpan.Zero, Wait(rate));
    }

    [Fact]
    public void Said_is_one_word_in_a_while_with_the_number_of_those_left_out()
    {
        var word = new RareWord(TimeSpan.FromSeconds(10), Time);
        Assert.True(word.IsDue(out var unsaid));
        Assert.Equal(0, unsaid);
        for (var i = 0; i < 7; i++) Assert.False(word.IsDue(out _));
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(word.IsDue(out unsaid));
        Assert.Equal(7, unsaid);
        Assert.False(word.IsDue(out unsaid));
        Assert.Equal(1, unsaid);
    }

    [Fact]
    public async Task A_full_listener_turns_the_next_away_and_takes_it_when_one_has_left()
    {
        var gate = new AcceptGate(new ListenerOptions { MaxConnections = 2 }, Broker);
        var (first, second, third) = (new FakeConnection(), new FakeConnection(), new FakeConnection());
        var open = new TaskCompletionSource();
        var enter = gate.Before(_ => open.Task);
        Task[] staying = [enter(first), enter(second)];
        await enter(third);
        Assert.Equal("maxConnections is 2", third.Aborted);
        Assert.Equal(1, Counts.ConnectionsRefused);

        open.SetResult();
        await Task.WhenAll(staying);
        Assert.Equal(0, gate.Open);
        var again = new FakeConnection();
        await enter(again);
        Assert.Null(again.Aborted);
    }

    [Fact]
    public async Task Connections_beyond_the_rate_wait_then_are_turned_away()
    {
        var gate = new AcceptGate(new ListenerOptions { MaxConnectRate = 1 }, Broker);
        var entered = 0;
        var enter = gate.Before(_ =>
        {
            entered++;
            return Task.CompletedTask;
        });
        var all = Enumerable.Range(0, 8).Select(_ => new FakeConnection()).ToArray();
        var tasks = all.Select(connection => enter(connection)).ToArray();
        Assert.Equal(1, entered);
        Assert.Equal([null, null, null, null, null, null, "maxConnectRate is 1", "maxConnectRate is 1"], all.Select(static one => one.Aborted));
        Time.Advance(TimeSpan.FromSeconds(5));
        await Task.WhenAll(tasks);
        Assert.Equal(6, entered);
    }

    [Fact]
    public async Task One_handshake_too_many_cuts_the_oldest_and_not_those_that_are_done()
    {
        var gate = new HandshakeGate(2, "mqtts", Broker);
        var (done, stalled, other, next) = (new FakeConnection(), new FakeConnection(), new FakeConnection(), new FakeConnection());
        var behind = HandshakeGate.After(static _ => Task.CompletedTask);
        var forEver = new TaskCompletionSource();
        _ = gate.Before(async connection =>
        {
            await behind(connection);
            await forEver.Task;
        })(done);
        var shake = gate.Before(_ => forEver.Task);
        Task[] waiting = [shake(stalled), shake(other), shake(next)];
        Assert.Null(done.Aborted);
        Assert.Contains("oldest", stalled.Aborted, StringComparison.Ordinal);
        Assert.Null(other.Aborted);
        Assert.Null(next.Aborted);

        // Those that end before they are through have failed, each once.
        forEver.SetResult();
        await Task.WhenAll(waiting);
        Assert.Equal(3, Counts.ConnectionsRefused);
    }

    private static TimeSpan Wait(ConnectRate rate)
    {
        Assert.True(rate.TryTakeTurn(out var wait));
        return wait;
    }

    private sealed class FakeConnection : DefaultConnectionContext
    {
        public string? Aborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => Aborted = abortReason.Message;
    }
}
