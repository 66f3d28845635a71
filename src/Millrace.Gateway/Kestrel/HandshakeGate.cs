using Microsoft.AspNetCore.Connections;
using Millrace.Gateway.Listening;

namespace Millrace.Gateway.Kestrel;

/// <summary>Bounds the TLS handshakes of a listener that go on at once, and tells of those that failed.</summary>
internal sealed class HandshakeGate(int most, string listener, Broker broker)
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(1);

    private readonly RareWord _word = new(BetweenWords, broker.Time);
    private readonly Lock _gate = new();
    private readonly LinkedList<TlsHandshake> _going = new();

    /// <summary>What stands in front of TLS.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => connection => ShakeAsync(connection, next);

    /// <summary>What stands behind it: who comes here has done its handshake.</summary>
    public static ConnectionDelegate After(ConnectionDelegate next) => connection =>
    {
        if (connection.Features.Get<TlsHandshake>() is { } done)
        {
            done.Gate.TryLeave(done);
            connection.Features.Set<TlsHandshake>(null);
        }

        return next(connection);
    };

    private async Task ShakeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var handshake = new TlsHandshake(this, connection);
        connection.Features.Set(handshake);
        Enter(handshake);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            if (TryLeave(handshake)) Tell(handshake);
        }
    }

    private void Enter(TlsHandshake handshake)
    {
        TlsHandshake? oldest = null;
        lock (_gate)
        {
            if (_going.Count >= most)
            {
                oldest = _going.First!.Value;
                Leave(oldest);
            }

            handshake.Place = _going.AddLast(handshake);
        }

        if (oldest is null) return;
        oldest.Fail($"{most} handshakes are going on, and this one was the oldest");
        Tell(oldest);
        oldest.Connection.Abort(new ConnectionAbortedException(oldest.Why));
    }

    private bool TryLeave(TlsHandshake handshake)
    {
        lock (_gate) return handshake.Place is not null && Leave(handshake);
    }

    private bool Leave(TlsHandshake handshake)
    {
        _going.Remove(handshake.Place!);
        handshake.Place = null;
        return true;
    }

    private void Tell(TlsHandshake handshake)
    {
        broker.Counters.ConnectionRefused(listener);
        if (_word.IsDue(out var unsaid))
            ListenerLog.NoTls(broker.Logger, listener, PeerAddress.Of(handshake.Connection.RemoteEndPoint) ?? "?", handshake.Why, unsaid);
    }
}
