using System.Collections.Concurrent;

namespace Millrace.Gateway.Counting;

/// <summary>What the gateway did since it started. Any thread adds and reads; sessions add once for all that one read brought.</summary>
public sealed class GatewayCounters
{
    // The ledger's side: changed and read together, so that every snapshot balances, also under load.
    private readonly Lock _ledger = new();
    private readonly ConcurrentDictionary<string, ListenerCounters> _listeners = new();
    private readonly long[] _refused = new long[Enum.GetValues<RefusalReason>().Length];
    private long _received;
    private long _acknowledged;
    private long _accepted;
    private long _waiting;
    private long _bytesReceived;
    private long _bytesSent;
    private long _connections;
    private long _connectionsTotal;
    private long _connectionsRefused;
    private long _protocolErrors;
    private long _subscriptions;
    private long _sent;
    private long _dropped;
    private long _authenticationFailures;
    private long _sessionsExpired;
    private long _lifecycleEventsDropped;

    public GatewayCounts Snapshot()
    {
        var by = new Dictionary<RefusalReason, long>();
        long received, acknowledged, accepted, waiting;
        lock (_ledger)
        {
            foreach (var reason in Enum.GetValues<RefusalReason>()) by[reason] = _refused[(int)reason];
            (received, acknowledged, accepted, waiting) = (_received, _acknowledged, _accepted, _waiting);
        }

        return new GatewayCounts
        {
            Received = received,
            Acknowledged = acknowledged,
            Accepted = accepted,
            Refused = by.Values.Sum(),
            RefusedBy = by,
            WaitingForCommit = waiting,
            BytesReceived = Interlocked.Read(ref _bytesReceived),
            BytesSent = Interlocked.Read(ref _bytesSent),
            Connections = Connections,
            ConnectionsTotal = Interlocked.Read(ref _connectionsTotal),
            ConnectionsRefused = Interlocked.Read(ref _connectionsRefused),
            ProtocolErrors = Interlocked.Read(ref _protocolErrors),
            Subscriptions = Interlocked.Read(ref _subscriptions),
            Sent = Interlocked.Read(ref _sent),
            Dropped = Interlocked.Read(ref _dropped),
            AuthenticationFailures = Interlocked.Read(ref _authenticationFailures),
            SessionsExpired = Interlocked.Read(ref _sessionsExpired),
            LifecycleEventsDropped = Interlocked.Read(ref _lifecycleEventsDropped),
        };
    }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<ListenerCounts> Listeners() =>
        [.. _listeners.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => one.Value.Snapshot())];

    /// <summary>The counters of a listener, which stand at zero when it is first asked for.</summary>
    public ListenerCounters Of(string listener) => _listeners.GetOrAdd(listener, static name => new ListenerCounters(name));

    internal long Connections => Interlocked.Read(ref _connections);

    /// <summary>Given to the log with QoS 0.</summary>
    internal void Accepted(int messages)
    {
        lock (_ledger)
        {
            _received += messages;
            _accepted += messages;
        }
    }

    /// <summary>Given to the log with QoS 1. To be called before <see cref="Acknowledged"/> can be, or waiting would go below zero for a moment.</summary>
    internal void Waiting(int messages)
    {
        lock (_ledger)
        {
            _received += messages;
            _waiting += messages;
        }
    }

    /// <summary>Of those that waited, so many are safe.</summary>
    internal void Acknowledged(int messages)
    {
        lock (_ledger)
        {
            _waiting -= messages;
            _acknowledged += messages;
        }
    }

    internal void Refused(RefusalReason reason)
    {
        lock (_ledger)
        {
            _received++;
            _refused[(int)reason]++;
        }
    }

    internal void BytesReceived(long bytes) => Interlocked.Add(ref _bytesReceived, bytes);

    internal void BytesSent(long bytes) => Interlocked.Add(ref _bytesSent, bytes);

    internal void Connected()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _connectionsTotal);
    }

    internal void Disconnected() => Interlocked.Decrement(ref _connections);

    /// <summary>Turned away before, or in place of, being let in.</summary>
    internal void ConnectionRefused(string listener)
    {
        Interlocked.Increment(ref _connectionsRefused);
        Of(listener).ConnectionRefused();
    }

    internal void ProtocolError(string listener)
    {
        Interlocked.Increment(ref _protocolErrors);
        Of(listener).ProtocolError();
    }

    internal void Subscribed(int change) => Interlocked.Add(ref _subscriptions, change);

    internal void Sent(int messages) => Interlocked.Add(ref _sent, messages);

    internal void Dropped(int messages) => Interlocked.Add(ref _dropped, messages);

    internal void AuthenticationFailed(string listener)
    {
        Interlocked.Increment(ref _authenticationFailures);
        Of(listener).AuthenticationFailed();
    }

    internal void SessionsExpired(int sessions) => Interlocked.Add(ref _sessionsExpired, sessions);

    internal void LifecycleEventDropped() => Interlocked.Increment(ref _lifecycleEventsDropped);
}
