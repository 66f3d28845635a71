using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Devices;
using Millrace.Contracts.Documents;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Gateway.Connections;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Dispatching;
using Millrace.Gateway.Observing;
using Millrace.Gateway.Retained;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;
using Millrace.Mqtt;

namespace Millrace.Gateway;

/// <summary>Where clients meet: every message goes to the log, and to those who subscribed. Transports open connections on it.</summary>
public sealed class Broker : IPublisher, IAsyncDisposable, IDisposable
{
    // Connections that have not introduced themselves yet; they are gone after the connect timeout.
    private const int MaxNewcomers = 1024;

    // Log readers kept for the next session that has something waiting.
    private const int MaxSpareReaders = 8;

    private readonly Lock _gate = new();
    private readonly HashSet<Connection> _open = [];
    private readonly Dictionary<string, Session> _sessions = [];
    private readonly LinkedList<Session> _offline = new();
    private readonly List<Connection> _ticking = [];
    private readonly ConcurrentBag<LogReader> _readers = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dispatcher _dispatcher;
    private readonly SysTopics _sys;
    private readonly Task[] _loops;
    private readonly ITimer _ticks;
    private int _isTicking;
    private bool _isClosed;
    private volatile bool _recordPublisher;

    /// <param name="ingress">Outlives the broker.</param>
    /// <param name="documents">For sessions and retained messages. Outlives the broker.</param>
    /// <param name="authenticator">Tells who may come in.</param>
    /// <param name="options">Without problems.</param>
    /// <param name="time">For keep-alive and time-outs.</param>
    /// <param name="logger">Told of refusals and disconnects.</param>
    /// <exception cref="FaultException">Corrupt: what an earlier life kept cannot be read.</exception>
    public Broker(IRecordLog ingress, IDocumentStore documents, IAuthenticator authenticator, BrokerOptions options, TimeProvider time, ILogger logger)
        : this(ingress, documents, authenticator, options, time, logger, new PoolWorkers())
    {
    }

    internal Broker(
        IRecordLog ingress, IDocumentStore documents, IAuthenticator authenticator, BrokerOptions options, TimeProvider time, ILogger logger, IWorkers workers)
    {
        if (options.Check().FirstOrDefault() is { } problem) throw new ArgumentException(problem.ToString(), nameof(options));
        (Ingress, Authenticator, Options, Time, Logger, Workers) = (ingress, authenticator, options, time, logger, workers);
        Retained = new RetainedStore(options);
        Shared = new SharedGroups(Topics, options);
        _dispatcher = new Dispatcher(ingress, Topics, Retained, Counters, time, logger);
        Store = new SessionStore(this, documents);
        IsRecovering = true;
        Store.Restore();
        IsRecovering = false;
        Lifecycle = new LifecycleEvents(this);
        _sys = new SysTopics(this);
        _loops = [.. ingress.Partitions.Select(p => workers.Run(stop => _dispatcher.RunAsync(p.Index, stop), _stopping.Token))];
        _ticks = time.CreateTimer(static broker => ((Broker)broker!).Tick(), this, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public GatewayCounters Counters { get; } = new();

    /// <summary>Whether records of the log tell who published them, for rules that ask. Counts for what is published from then on; subscribers never get it.</summary>
    public bool RecordPublisher
    {
        get => _recordPublisher;
        set => _recordPublisher = value;
    }

    /// <summary>What keeps messages from their subscribers; null while all is well.</summary>
    public string? Problem => _dispatcher.Problem;

    internal IRecordLog Ingress { get; }

    internal IAuthenticator Authenticator { get; }

    internal BrokerOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal IWorkers Workers { get; }

    internal TopicTree Topics { get; } = new();

    internal RetainedStore Retained { get; }

    internal SharedGroups Shared { get; }

    internal SessionStore Store { get; }

    internal LifecycleEvents Lifecycle { get; }

    /// <summary>At the start, while the log is read again from the last checkpoint on.</summary>
    internal bool IsRecovering { get; }

    internal Dispatcher Dispatcher => _dispatcher;

    internal long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Nanoseconds since 1970.</summary>
    internal long NowNs => (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>A connection that came in.</summary>
    /// <returns>Null where there is no room, or the broker is closed: close it.</returns>
    public Connection? Open(ITransport transport, Peer peer)
    {
        lock (_gate)
        {
            if (!_isClosed && _open.Count < Options.MaxConnections + MaxNewcomers)
            {
                var connection = new Connection(this, transport, peer);
                _open.Add(connection);
                return connection;
            }
        }

        Counters.ConnectionRefused(peer.Listener.Name);
        LogMessages.TurnedAway(Logger, peer.Address, _open.Count, Options.MaxConnections);
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, PublishProperties? properties, CancellationToken stop) =>
        await PublishAsync("republish"u8.ToArray(), topic, payload, PublishPropertyBytes.Of(properties), qos, retain, stop).ConfigureAwait(false);

    /// <param name="key">Stands in the record where a client's messages have the client id.</param>
    /// <param name="topic">Without wildcards.</param>
    /// <param name="payload">Any bytes.</param>
    /// <param name="qos">0 or 1.</param>
    /// <param name="retain">Whether it is kept for those who subscribe later.</param>
    /// <param name="stop">Gives up waiting; what is in the log by then stays there.</param>
    /// <exception cref="FaultException">Refused: the topic, the QoS or the size, as the message says.</exception>
    public ValueTask PublishAsync(ReadOnlyMemory<byte> key, string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, CancellationToken stop) =>
        PublishAsync(key, topic, payload, default, qos, retain, stop);

    private async ValueTask PublishAsync(
        ReadOnlyMemory<byte> key, string topic, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> properties, int qos, bool retain, CancellationToken stop)
    {
        var name = System.Text.Encoding.UTF8.GetBytes(topic);
        if (InsidePublish.Problem(name, payload.Length + PublishPropertyBytes.Room(properties.Length), qos, retain, Options) is var (refusal, what))
        {
            Counters.Refused(refusal);
            throw new FaultException(Fault.Refused, what);
        }

        await PublishAsync(new InsidePublish(this, key, name, payload, properties, (byte)qos, retain), stop).ConfigureAwait(false);
    }

    /// <summary>Asks every session: for whoever looks now and then.</summary>
    public GatewayState ReadState()
    {
        Session[] sessions;
        int offline;
        lock (_gate) (sessions, offline) = ([.. _sessions.Values], _offline.Count);
        return GatewayState.Of(this, sessions, offline);
    }

    /// <summary>Closes every connection and takes no more; sessions are kept. The log must still be open: wills go into it.</summary>
    public void Dispose()
    {
        Connection[] all;
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            all = [.. _open];
        }

        _ticks.Dispose();
        foreach (var connection in all) connection.Close(ReasonCode.ServerShuttingDown);
        _stopping.Cancel();
        Checkpoint();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await Task.WhenAll(_loops).ConfigureAwait(false);
        _dispatcher.Dispose();
        while (_readers.TryTake(out var reader)) reader.Dispose();
        _stopping.Dispose();
    }

    /// <summary>By partition: what is committed.</summary>
    internal long[] Ends() => [.. Ingress.Partitions.Select(static p => p.End)];

    internal long DispatchedTo(int partition) => _dispatcher.To(partition);

    internal LogReader RentReader() => _readers.TryTake(out var reader) ? reader : new LogReader(Ingress);

    internal void Return(LogReader reader)
    {
        if (_readers.Count < MaxSpareReaders) _readers.Add(reader);
        else reader.Dispose();
    }

    internal Session? FindSession(string clientId)
    {
        lock (_gate) return _sessions.GetValueOrDefault(clientId);
    }

    /// <summary>Gives a client that was let in its session: the one it left, or a new one.</summary>
    internal Joined Join(Connection connection, ConnectRequest request, IAccess access)
    {
        while (true)
        {
            Session? session;
            Connection? before;
            var isPresent = false;
            Session? over = null;
            lock (_gate)
            {
                if (_isClosed) throw new FaultException(Fault.Unavailable, "the server is shutting down");
                session = _sessions.GetValueOrDefault(request.ClientId);
                before = session?.Connection;
                if (before is null)
                {
                    isPresent = session is not null && !request.CleanStart && !HasExpired(session, NowMs);
                    if (!isPresent)
                    {
                        over = session;
                        session = new Session(this, request.ClientId, request.ClientIdBytes);
                        _sessions[request.ClientId] = session;
                    }

                    if (over is not null) _offline.Remove(over);
                    _offline.Remove(session!);
                    session!.Attach(connection, request.ExpirySeconds);
                }
            }

            if (before is not null)
            {
                // [MQTT-3.1.4-3] The server disconnects the client that was there.
                before.Close(ReasonCode.SessionTakenOver, "The client id connected again.");
                continue;
            }

            connection.Begin(request, access, session!);
            Task? write = null;
            if (over is not null) write = EndAsync(over);
            if (session!.IsDurable) write = WriteWaiter.WaitAsync(waiter => Store.Keep(session, waiter));
            return new Joined(session, isPresent, write);
        }
    }

    /// <summary>A connection is over.</summary>
    internal void Left(Session session, Connection connection, Will? will, uint? expirySeconds)
    {
        // [MQTT-3.1.3-9] The will waits for its delay or the end of the session, whatever comes first.
        var isDurable = expirySeconds is { } seconds ? seconds > 0 : session.IsDurable;
        var isDelayed = will is { DelaySeconds: > 0 } && isDurable && !_isClosed;
        if (!session.Detach(connection, isDelayed ? will : null, expirySeconds)) return;
        if (will is not null && !isDelayed) PublishWill(session, will);
        if (!isDurable)
        {
            lock (_gate)
                if (_sessions.GetValueOrDefault(session.ClientId) == session) _sessions.Remove(session.ClientId);
            _ = EndAsync(session);
            return;
        }

        Session? evicted = null;
        lock (_gate)
        {
            // It may have been taken over by now.
            if (session.Connection is null && _sessions.GetValueOrDefault(session.ClientId) == session) _offline.AddLast(session);
            if (_offline.Count > Options.MaxOfflineSessions)
            {
                evicted = _offline.First!.Value;
                _offline.RemoveFirst();
                _sessions.Remove(evicted.ClientId);
            }
        }

        Save(session);
        if (evicted is null) return;
        LogMessages.SessionEvicted(Logger, evicted.ClientId, Options.MaxOfflineSessions);
        _ = EndAsync(evicted);
    }

    internal void Ended(Connection connection, bool wasConnected)
    {
        lock (_gate) _open.Remove(connection);
        if (wasConnected) Counters.Disconnected();
    }

    /// <summary>Adds a subscription, or replaces an equal one.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="filter">Valid, without <c>$share/name/</c>.</param>
    /// <param name="share">The share name; null for one that is not shared.</param>
    /// <param name="options">As in SUBSCRIBE.</param>
    /// <param name="identifier">0 for none.</param>
    /// <param name="excludesParent">See <see cref="Subscription.ExcludesParent"/>.</param>
    /// <param name="begins">By partition, the offset from which on messages come to it as they are dispatched; retained ones before it are in the store.</param>
    internal Subscription Subscribe(Session session, byte[] filter, string? share, byte options, uint identifier, bool excludesParent, out long[] begins)
    {
        Subscription subscription;
        lock (_dispatcher.Gate)
        {
            // [MQTT-3.8.4-3] One that takes the place of another goes on where that one was: nothing is lost.
            begins = Begins();
            subscription = Enlist(session, filter, share, options, identifier, session.Find(filter, share)?.Since ?? begins, excludesParent);
        }

        _dispatcher.Subscribed();
        return subscription;
    }

    /// <param name="session">Whose.</param>
    /// <param name="whole">As in UNSUBSCRIBE.</param>
    /// <returns>False where there was no such subscription.</returns>
    internal bool Unsubscribe(Session session, ReadOnlySpan<byte> whole)
    {
        if (!Topic.IsValidFilter(whole)) return false;
        var share = SubscribeRules.SplitShare(whole, out var filter);
        if (session.Remove(filter, share) is not { } removed) return false;
        Drop(session, removed);
        return true;
    }

    /// <summary>A session as a document kept it, with its subscriptions. At the start.</summary>
    internal void Restore(string clientId, SessionDocument document, HashSet<LogPosition> released)
    {
        var session = new Session(this, clientId, System.Text.Encoding.UTF8.GetBytes(clientId));
        session.Restore(document, released, NowMs);
        foreach (var kept in document.Subscriptions)
        {
            var filter = System.Text.Encoding.UTF8.GetBytes(kept.Filter);
            Enlist(session, filter, kept.Share, kept.Options, kept.Identifier, Clamped(kept.Since), kept.ExcludesParent);
        }

        _sessions[clientId] = session;
        _offline.AddLast(session);
    }

    /// <summary>What came after the last checkpoint, at the start.</summary>
    internal void Recover(int partition, long from, RecordSeen seen) => _dispatcher.Recover(partition, from, seen);

    /// <summary>By partition, and nowhere beyond what is committed.</summary>
    internal long[] Clamped(long[] offsets)
    {
        var ends = Ends();
        for (var i = 0; i < ends.Length; i++) ends[i] = Math.Min(ends[i], i < offsets.Length ? offsets[i] : ends[i]);
        return ends;
    }

    private Subscription Enlist(Session session, byte[] filter, string? share, byte options, uint identifier, long[] since, bool excludesParent)
    {
        var group = share is null ? null : Shared.GetOrAdd(share, filter, since, excludesParent);
        var subscription = new Subscription(session, filter, options, identifier, since) { ExcludesParent = excludesParent, Group = group };
        if (session.Add(subscription)) Counters.Subscribed(1);
        if (group is null) Topics.Add(subscription);
        else group.Join(subscription);
        return subscription;
    }

    /// <summary>
    /// Where a subscription begins that is made now, with the dispatcher's gate held: what is older is delivered to it only if it is retained, and all of that
    /// is in the store; what is not has still to be dispatched. So a retained message comes one way or the other.
    /// </summary>
    private long[] Begins()
    {
        var begins = Ends();
        for (var i = 0; i < begins.Length; i++) begins[i] = Math.Max(_dispatcher.To(i), Retained.Floor(i, begins[i]));
        return begins;
    }

    private static bool HasExpired(Session session, long nowMs) =>
        session.DisconnectedAt is { } at && nowMs - at >= session.ExpirySeconds * 1000L;

    private async Task PublishAsync(InsidePublish publish, CancellationToken stop)
    {
        var partition = Ingress.PartitionFor(publish.Key.Span);
        while (!publish.TryAppend(partition)) await partition.WaitForRoomAsync(stop).ConfigureAwait(false);
        await publish.Safe.WaitAsync(stop).ConfigureAwait(false);
    }

    /// <summary>A session is over, and out of the list of sessions already.</summary>
    private Task? EndAsync(Session session)
    {
        if (session.PendingWill is { } will)
        {
            session.PendingWill = null;
            PublishWill(session, will);
        }

        session.End();
        foreach (var subscription in session.Subscriptions) Drop(session, subscription);
        if (!session.IsKept) return null;
        try
        {
            return WriteWaiter.WaitAsync(waiter => Store.Remove(session, waiter));
        }
        catch (FaultException e)
        {
            LogMessages.CannotSave(Logger, e.Message);
            return null;
        }
    }

    private void Drop(Session session, Subscription subscription)
    {
        if (subscription.Group is { } group) Shared.Leave(group, session);
        else Topics.Remove(session, subscription.Filter);
        Counters.Subscribed(-1);
    }

    private void Save(Session session)
    {
        try
        {
            Store.Keep(session, null);
        }
        catch (FaultException e)
        {
            LogMessages.CannotSave(Logger, e.Message);
        }
    }

    private void Checkpoint()
    {
        try
        {
            Store.Checkpoint();
        }
        catch (FaultException e)
        {
            LogMessages.CannotSave(Logger, e.Message);
        }
    }

    /// <summary>On a thread of its own: whoever closes a connection may be in the middle of delivering.</summary>
    private void PublishWill(Session session, Will will) => Workers.Queue(new WillPublish(async () =>
    {
        try
        {
            var publish = new InsidePublish(this, session.ClientIdBytes, will.Topic, will.Payload, will.Properties, will.Qos, will.Retain);
            await PublishAsync(publish, CancellationToken.None).ConfigureAwait(false);
        }
        catch (FaultException e)
        {
            LogMessages.WillLost(Logger, session.ClientId, System.Text.Encoding.UTF8.GetString(will.Topic), e.Message);
        }
    }));

    private void Tick()
    {
        // A tick that takes longer than a second lets the next one pass.
        if (Interlocked.Exchange(ref _isTicking, 1) == 1) return;
        lock (_gate) _ticking.AddRange(_open);
        var now = Time.GetTimestamp();
        foreach (var connection in _ticking) connection.Tick(now);
        _ticking.Clear();
        TickSessions();
        _sys.PublishIfDue(now);
        try
        {
            Store.CheckpointIfDue();
        }
        catch (FaultException e)
        {
            LogMessages.CannotSave(Logger, e.Message);
        }

        Volatile.Write(ref _isTicking, 0);
    }

    private void TickSessions()
    {
        var nowMs = NowMs;
        List<Session>? over = null;
        List<(Session Session, Will Will)>? wills = null;
        lock (_gate)
        {
            for (var node = _offline.First; node is not null;)
            {
                var session = node.Value;
                var next = node.Next;
                if (HasExpired(session, nowMs))
                {
                    _offline.Remove(node);
                    _sessions.Remove(session.ClientId);
                    (over ??= []).Add(session);
                }
                else if (session.PendingWill is { } will && nowMs - session.DisconnectedAt >= will.DelaySeconds * 1000L)
                {
                    session.PendingWill = null;
                    (wills ??= []).Add((session, will));
                }

                node = next;
            }
        }

        foreach (var (session, will) in wills ?? [])
        {
            PublishWill(session, will);
            Save(session);
        }

        if (over is not null) Counters.SessionsExpired(over.Count);
        foreach (var session in over ?? []) _ = EndAsync(session);
    }

    private sealed class WillPublish(Func<Task> publish) : IThreadPoolWorkItem
    {
        public void Execute() => _ = publish();
    }
}
