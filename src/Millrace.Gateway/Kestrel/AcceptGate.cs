using Microsoft.AspNetCore.Connections;
using Millrace.Gateway.Listening;

namespace Millrace.Gateway.Kestrel;

/// <summary>Keeps a listener's limits on connections, before anything is read from one.</summary>
public sealed class AcceptGate
{
    private static readonly TimeSpan LongestQueue = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(10);

    private readonly ListenerOptions _listener;
    private readonly Broker _broker;
    private readonly ConnectRate? _rate;
    private readonly RareWord _word;
    private int _open;

    /// <param name="listener">Whose limits.</param>
    /// <param name="broker">Counts who is turned away.</param>
    public AcceptGate(ListenerOptions listener, Broker broker)
    {
        (_listener, _broker) = (listener, broker);
        _word = new RareWord(BetweenWords, broker.Time);
        if (listener.MaxConnectRate is { } perSecond) _rate = new ConnectRate(perSecond, LongestQueue, broker.Time);
    }

    /// <summary>Connections that came in and are still open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>What stands in front of <paramref name="next"/>.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => connection => AdmitAsync(connection, next);

    private async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var open = Interlocked.Increment(ref _open);
        try
        {
            if (open > _listener.MaxConnections) TurnAway(connection, $"maxConnections is {_listener.MaxConnections}");
            else if (_rate is not null && !await WaitForTurnAsync(connection, _rate).ConfigureAwait(false))
                TurnAway(connection, $"maxConnectRate is {_listener.MaxConnectRate}");
            else await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async ValueTask<bool> WaitForTurnAsync(ConnectionContext connection, ConnectRate rate)
    {
        if (!rate.TryTakeTurn(out var wait)) return false;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, _broker.Time, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    private void TurnAway(ConnectionContext connection, string why)
    {
        _broker.Counters.ConnectionRefused(_listener.Name);
        if (_word.IsDue(out var unsaid))
            ListenerLog.TurnedAway(_broker.Logger, _listener.Name, PeerAddress.Of(connection.RemoteEndPoint) ?? "?", why, unsaid);
        connection.Abort(new ConnectionAbortedException(why));
    }
}
