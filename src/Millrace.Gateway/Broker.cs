using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Connections;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;
using Millrace.Mqtt;

namespace Millrace.Gateway;

/// <summary>Where clients meet: every message goes to the log, and to those who subscribed. Transports open sessions on it.</summary>
public sealed class Broker : IPublisher, IDisposable
{
    // Connections that have not introduced themselves yet; they are gone after the connect timeout.
    private const int MaxNewcomers = 1024;

    private readonly Lock _gate = new();
    private readonly HashSet<Connection> _open = [];
    private readonly Dictionary<string, Connection> _byClientId = [];
    private readonly List<Connection> _ticking = [];
    private readonly ITimer _ticks;
    private int _isTicking;
    private bool _isClosed;

    /// <param name="ingress">Outlives the broker.</param>
    /// <param name="options">Without problems.</param>
    /// <param name="time">For keep-alive and time-outs.</param>
    /// <param name="logger">Told of refusals and disconnects.</param>
    public Broker(IRecordLog ingress, BrokerOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Check().FirstOrDefault() is { } problem) throw new ArgumentException(problem.ToString(), nameof(options));
        (Ingress, Options, Time, Logger) = (ingress, options, time, logger);
        _ticks = time.CreateTimer(static broker => ((Broker)broker!).Tick(), this, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public GatewayCounters Counters { get; } = new();

    internal IRecordLog Ingress { get; }

    internal BrokerOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal TopicTree Topics { get; } = new();

    /// <summary>A session for a connection that came in.</summary>
    /// <returns>Null where there is no room, or the broker is closed: close the connection.</returns>
    public Connection? Open(ITransport transport, Peer peer)
    {
        lock (_gate)
        {
            if (!_isClosed && _open.Count < Options.MaxConnections + MaxNewcomers)
            {
                var session = new Connection(this, transport, peer);
                _open.Add(session);
                return session;
            }
        }

        Counters.ConnectionRefused();
        LogMessages.TurnedAway(Logger, peer.Address, _open.Count, Options.MaxConnections);
        return null;
    }

    /// <inheritdoc/>
    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, CancellationToken stop) =>
        PublishAsync("republish"u8.ToArray(), topic, payload, qos, retain, stop);

    /// <param name="key">Stands in the record where a client's messages have the client id.</param>
    /// <param name="topic">Without wildcards.</param>
    /// <param name="payload">Any bytes.</param>
    /// <param name="qos">0 or 1.</param>
    /// <param name="retain">Refused.</param>
    /// <param name="stop">Gives up waiting; what is in the log by then stays there.</param>
    /// <exception cref="FaultException">Refused: the topic, the QoS or the size, as the message says.</exception>
    public async ValueTask PublishAsync(
        ReadOnlyMemory<byte> key, string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, CancellationToken stop)
    {
        var name = System.Text.Encoding.UTF8.GetBytes(topic);
        if (InsidePublish.Problem(name, payload.Length, qos, retain, Options) is var (refusal, what))
        {
            Counters.Refused(refusal);
            throw new FaultException(Fault.Refused, what);
        }

        var partition = Ingress.PartitionFor(key.Span);
        if (qos == 0)
        {
            InsidePublish.Publish0(this, partition, key.Span, name, payload.Span);
            return;
        }

        var publish = new InsidePublish(this, key, name, payload);
        while (!publish.TryAppend(partition)) await partition.WaitForRoomAsync(stop).ConfigureAwait(false);
        await publish.Safe.WaitAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Closes every session and takes no more. The log must still be open: wills go into it.</summary>
    public void Dispose()
    {
        Connection[] all;
        lock (_gate)
        {
            _isClosed = true;
            all = [.. _open];
        }

        _ticks.Dispose();
        foreach (var session in all) session.Close(ReasonCode.ServerShuttingDown);
    }

    /// <summary>Hands a message to each subscription that matches. The caller ends the round.</summary>
    internal void Deliver(in Message message, DeliveryRound round)
    {
        if (Topics.Count == 0) return;
        var delivery = new Delivery { Message = message, Round = round };
        Topics.Match(message.Topic, ref delivery, static (subscription, scoped ref delivery) =>
            subscription.Subscriber.Deliver(delivery.Message, subscription, delivery.Round));
    }

    /// <summary>A session knows its client id now, and one that had it before must go.</summary>
    internal void Connected(Connection session)
    {
        Connection? before;
        lock (_gate)
        {
            _byClientId.TryGetValue(session.ClientId, out before);
            _byClientId[session.ClientId] = session;
        }

        // [MQTT-3.1.4-3] The server disconnects the client that was there.
        before?.Close(ReasonCode.SessionTakenOver);
    }

    internal void Ended(Connection session, bool wasConnected)
    {
        lock (_gate)
        {
            _open.Remove(session);
            if (_byClientId.TryGetValue(session.ClientId, out var current) && current == session) _byClientId.Remove(session.ClientId);
        }

        if (wasConnected) Counters.Disconnected();
    }

    private void Tick()
    {
        // A tick that takes longer than a second lets the next one pass.
        if (Interlocked.Exchange(ref _isTicking, 1) == 1) return;
        lock (_gate) _ticking.AddRange(_open);
        var now = Time.GetTimestamp();
        foreach (var session in _ticking) session.Tick(now);
        _ticking.Clear();
        Volatile.Write(ref _isTicking, 0);
    }

    private ref struct Delivery
    {
        public Message Message;
        public DeliveryRound Round;
    }
}
