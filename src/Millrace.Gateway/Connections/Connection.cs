using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>One client: bytes in, packets handled, bytes out. It never waits; it tells the transport what it needs to go on.</summary>
/// <remarks>
/// The transport calls <see cref="Receive"/> one call at a time. Commits, messages of others, take-over and time-outs come on any thread, also
/// meanwhile. What they share with the receiving thread is guarded by one lock, which is never held while another session is called: two sessions
/// may be delivering to each other.
/// </remarks>
public sealed class Connection : ICommitListener, ISubscriber, IWakeUp, IDisposable
{
    private readonly Broker _broker;
    private readonly ITransport _transport;
    private readonly PacketReader _packets;
    private readonly long _openedAt;

    // Only the receiving thread uses these.
    private readonly List<PendingPublish> _round = [];
    private readonly DeliveryRound _deliveries;
    private ILogPartition _partition = null!;
    private byte[] _clientId = [];
    private int _acceptedInRound;
    private bool _wakeAtEndOfRound;

    // The rest is guarded by the lock, but for reading what is volatile.
    private readonly Lock _gate = new();
    private readonly Outbox _outbox;
    private readonly Queue<PendingPublish> _pending = new();
    private readonly List<byte[]> _filters = [];
    private long _committed;
    private Will? _will;
    private volatile bool _isConnected;
    private volatile bool _isClosed;
    private volatile bool _isPaused;
    private bool _isAnnounced;
    private bool _isDraining;
    private bool _wantsQuiet;
    private bool _hasOverflowed;
    private long _lastPacketAt;

    // Only the thread that drains uses these; one at a time does.
    private readonly List<KeptMessage> _safe = [];
    private readonly DeliveryRound _safeDeliveries;

    internal Connection(Broker broker, ITransport transport, Peer peer)
    {
        (_broker, _transport, Peer) = (broker, transport, peer);
        _packets = new PacketReader((int)broker.Options.MaxConnectPacketSize.Bytes);
        _outbox = new Outbox(broker.Options);
        _deliveries = new DeliveryRound(broker.Counters);
        _safeDeliveries = new DeliveryRound(broker.Counters);
        _openedAt = _lastPacketAt = broker.Time.GetTimestamp();
    }

    public Peer Peer { get; }

    /// <summary>Empty until CONNECT.</summary>
    public string ClientId { get; private set; } = "";

    public bool IsClosed => _isClosed;

    /// <summary>Whether there is something to take now.</summary>
    public bool HasOutput
    {
        get
        {
            lock (_gate) return _outbox.Output.Length > 0;
        }
    }

    internal ProtocolVersion Version { get; private set; }

    internal TimeSpan KeepAlive { get; private set; }

    /// <summary>Handles the packets at the front of what arrived, and moves it past them.</summary>
    public Progress Receive(ref ReadOnlySequence<byte> rest)
    {
        if (_isClosed) return Progress.Closed;
        var before = rest.Length;
        Progress progress;
        do
        {
            progress = HandleAll(ref rest);
            EndRound();
        }
        while (progress == Progress.NeedQuiet && !StaysLoud());

        if (before != rest.Length) _broker.Counters.BytesReceived(before - rest.Length);

        // Packets count for the keep-alive, not bytes; and the end of a pause, in which none could be read.
        if (before != rest.Length || _isPaused) Volatile.Write(ref _lastPacketAt, _broker.Time.GetTimestamp());
        _isPaused = progress is Progress.NeedRoom or Progress.NeedQuiet;
        return _isClosed ? Progress.Closed : progress;
    }

    /// <summary>Ends when the log may have room again.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken stop) => _partition.WaitForRoomAsync(stop);

    /// <summary>Takes all that is to be written. One thread at a time.</summary>
    public bool TryTakeOutput(out OutputBytes output)
    {
        var resume = false;
        lock (_gate)
        {
            _isAnnounced = false;
            if (_outbox.Output.Length == 0)
            {
                output = default;
                return false;
            }

            output = _outbox.Output.Take();
            if (_wantsQuiet && !IsLoud()) (resume, _wantsQuiet) = (true, false);
        }

        _broker.Counters.BytesSent(output.Span.Length);
        if (resume) _transport.Resume();
        return true;
    }

    /// <summary>The connection is gone, and the transport calls no more: without a DISCONNECT before, the will is published.</summary>
    public void Dispose()
    {
        Close(ReasonCode.UnspecifiedError, tellClient: false);
        _packets.Dispose();
    }

    /// <summary>Ends the session from the server's side.</summary>
    /// <returns>False where it was over already.</returns>
    public bool Close(ReasonCode reason)
    {
        if (!Close(reason, tellClient: true)) return false;
        if (_isConnected) LogMessages.Closed(_broker.Logger, ClientId, Peer.Address, reason);
        return true;
    }

    void ICommitListener.Committed(ILogPartition partition, long commit)
    {
        lock (_gate) _committed = Math.Max(_committed, commit);
        Drain();
    }

    void ISubscriber.Deliver(in Message message, Subscription subscription, DeliveryRound round)
    {
        // [MQTT-3.8.3-3] Not to the one it came from, where that was asked for.
        if (subscription.NoLocal && message.Publisher == this) return;

        // [MQTT-3.3.4-3] Each message carries the identifier of the subscription it is sent for; one is sent for each that matches.
        byte[]? rented = null;
        var properties = Version == ProtocolVersion.V5 ? message.Properties : default;
        if (subscription.Identifier != 0) properties = WithIdentifier(properties, subscription.Identifier, out rented);
        var packet = new PublishPacket
        {
            Topic = message.Topic,
            Payload = message.Payload,
            Properties = new Properties(properties),
            Qos = Math.Min(message.Qos, subscription.Qos),
        };

        var wake = false;
        Delivered delivered;
        lock (_gate)
        {
            if (_isClosed) return;
            delivered = _outbox.Add(Version, packet);
            if (delivered == Delivered.Taken) wake = Announce();
            else if (delivered == Delivered.Overflow && !_hasOverflowed) wake = _hasOverflowed = true;
        }

        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        if (delivered == Delivered.Taken) round.Sent();
        else _broker.Counters.Dropped();
        if (wake) round.Touch(this);
    }

    void IWakeUp.WakeUp()
    {
        if (!_hasOverflowed)
        {
            _transport.OutputReady();
            return;
        }

        if (Close(ReasonCode.QuotaExceeded)) _broker.Counters.SlowDisconnected();
    }

    /// <summary>Closes a connection that has been silent for too long.</summary>
    internal void Tick(long now)
    {
        if (_isClosed) return;
        if (!_isConnected)
        {
            if (_broker.Time.GetElapsedTime(_openedAt, now) > _broker.Options.ConnectTimeout) Close(ReasonCode.UnspecifiedError);
            return;
        }

        // [MQTT-3.1.2-22] One and a half times the keep-alive; but not while it is we who do not read.
        if (KeepAlive > TimeSpan.Zero && !_isPaused
            && _broker.Time.GetElapsedTime(Volatile.Read(ref _lastPacketAt), now) > KeepAlive * 1.5)
            Close(ReasonCode.KeepAliveTimeout);
    }

    private Progress HandleAll(ref ReadOnlySequence<byte> rest)
    {
        if (StaysLoud()) return Progress.NeedQuiet;
        while (true)
        {
            var before = rest;
            switch (_packets.Read(ref rest, out var packet))
            {
                case Decode.NeedMore:
                    return Progress.NeedInput;
                case Decode.Malformed:
                    return Fail(_packets.Reason);
            }

            var progress = Handle(packet);
            if (progress == Progress.NeedInput) continue;
            if (progress != Progress.Closed) rest = before;
            return progress;
        }
    }

    private Progress Handle(in Packet packet)
    {
        if (packet.Type == PacketType.Publish && _isConnected) return Publish(packet);

        // [MQTT-3.1.0-1], [MQTT-3.1.0-2] CONNECT comes first, and once.
        if (_isConnected == (packet.Type == PacketType.Connect)) return Fail(ReasonCode.ProtocolError);
        var reason = packet.Type switch
        {
            PacketType.Connect => Connect(packet),
            PacketType.PubAck => PubAck(packet),
            PacketType.Subscribe => Subscribe(packet),
            PacketType.Unsubscribe => Unsubscribe(packet),
            PacketType.PingReq => Ping(packet),
            PacketType.Disconnect => Disconnect(packet),

            // QoS 2 and enhanced authentication were not offered, and the rest only a server sends.
            _ => ReasonCode.ProtocolError,
        };
        if (reason != ReasonCode.Success) return Fail(reason);
        return _isClosed ? Progress.Closed : Progress.NeedInput;
    }

    private ReasonCode Connect(in Packet packet)
    {
        var reason = ConnectPacket.Read(packet, out var connect);
        Version = connect.Version == 0 ? ProtocolVersion.V311 : connect.Version;
        string? why = null;
        if (reason == ReasonCode.Success) (reason, why) = ConnectRules.Check(connect, Peer, _broker);
        if (reason != ReasonCode.Success)
        {
            Refuse(connect, reason, why ?? "The packet is not valid.");
            return ReasonCode.Success;
        }

        var assigned = connect.ClientId.IsEmpty;
        ClientId = assigned ? $"auto-{Guid.NewGuid():N}" : Encoding.UTF8.GetString(connect.ClientId);
        _clientId = assigned ? Encoding.UTF8.GetBytes(ClientId) : connect.ClientId.ToArray();
        _partition = _broker.Ingress.PartitionFor(_clientId);
        _packets.MaxPacketSize = (int)_broker.Options.MaxPacketSize.Bytes;
        KeepAlive = ConnectRules.KeepAliveOf(connect, _broker.Options);
        _broker.Connected(this);
        lock (_gate)
        {
            if (_isClosed) return ReasonCode.Success;
            _will = connect.HasWill ? new Will(connect) : null;
            ConnectRules.SetLimits(connect, _outbox);
            ConnectRules.WriteConnAck(connect, _outbox.Output, assigned ? _clientId : default, _broker.Options);
            _isConnected = true;
            _broker.Counters.Connected();
            _wakeAtEndOfRound |= Announce();
        }

        LogMessages.Connected(_broker.Logger, ClientId, Peer.Address, Version);
        return ReasonCode.Success;
    }

    private void Refuse(in ConnectPacket connect, ReasonCode reason, string why)
    {
        LogMessages.ConnectRefused(_broker.Logger, Encoding.UTF8.GetString(connect.ClientId), Peer.Address, reason, why);
        _broker.Counters.ConnectionRefused();
        lock (_gate)
        {
            if (_isClosed) return;

            // [MQTT-3.1.4-1] of 3.1.1: a CONNECT that is not valid is closed without an answer.
            var answer = Version == ProtocolVersion.V5 || reason is not (ReasonCode.MalformedPacket or ReasonCode.ProtocolError);
            if (answer) PacketWriter.Write(_outbox.Output, Version, new ConnAckPacket { Reason = reason });
        }

        Close(reason, tellClient: false);
    }

    private Progress Publish(in Packet packet)
    {
        var reason = PublishPacket.Read(packet, Version, out var publish);
        if (reason != ReasonCode.Success) return Fail(reason);
        if (PublishRules.Check(publish, _broker.Options, out var refusal) is var broken && broken != ReasonCode.Success)
            return Fail(broken, refusal);

        var record = new Record
        {
            Topic = publish.Topic,
            Key = _clientId,
            Properties = publish.Properties.Bytes,
            Payload = publish.Payload,
            Offset = -1,
            Flags = publish.Qos == 0 ? RecordFlags.None : RecordFlags.Qos1,
        };
        try
        {
            return publish.Qos == 0 ? Publish0(publish, record) : Publish1(publish, record);
        }
        catch (FaultException e) when (e.Fault == Fault.Refused)
        {
            return Fail(ReasonCode.PacketTooLarge, RefusalReason.TooLarge);
        }
        catch (FaultException)
        {
            return Fail(ReasonCode.ServerShuttingDown, RefusalReason.LogClosed);
        }
    }

    private Progress Publish0(in PublishPacket publish, in Record record)
    {
        var commit = _partition.TryAppend(record, null);
        if (commit == 0) _broker.Counters.Refused(RefusalReason.LogFull);
        else _acceptedInRound++;
        _broker.Deliver(MessageOf(publish), _deliveries);
        return Progress.NeedInput;
    }

    private Progress Publish1(in PublishPacket publish, in Record record)
    {
        if (_round.Count + _pending.Count >= _broker.Options.ReceiveMaximum && IsAtReceiveMaximum())
        {
            // Section 3.3.4: a client that was told the limit must keep it. One of 3.1.1 was not, and is just not read from.
            return Version == ProtocolVersion.V5
                ? Fail(ReasonCode.ReceiveMaximumExceeded, RefusalReason.ReceiveMaximum)
                : Progress.NeedQuiet;
        }

        var commit = _partition.TryAppend(record, this);
        if (commit == 0) return Progress.NeedRoom;
        var copy = _broker.Topics.HasMatch(publish.Topic) ? new KeptMessage(MessageOf(publish)) : null;
        _round.Add(new PendingPublish(commit, publish.PacketId, copy));
        return Progress.NeedInput;
    }

    private Message MessageOf(in PublishPacket publish) => new()
    {
        Topic = publish.Topic,
        Payload = publish.Payload,
        Properties = publish.Properties.Bytes,
        Qos = publish.Qos,
        Publisher = this,
    };

    private ReasonCode PubAck(in Packet packet)
    {
        var reason = AckPacket.Read(packet, Version, out var ack);
        if (reason != ReasonCode.Success) return reason;
        lock (_gate)
        {
            if (_isClosed) return ReasonCode.Success;
            var before = _outbox.Output.Length;
            _outbox.Acknowledged(ack.PacketId);
            if (_outbox.Output.Length > before) _wakeAtEndOfRound |= Announce();
        }

        return ReasonCode.Success;
    }

    private ReasonCode Subscribe(in Packet packet)
    {
        var reason = SubscribePacket.Read(packet, Version, out var subscribe);
        if (reason != ReasonCode.Success) return reason;
        subscribe.Properties.TryGet(PropertyId.SubscriptionIdentifier, out uint identifier);
        var codes = new List<byte>();
        lock (_gate)
        {
            if (_isClosed) return ReasonCode.Success;
            foreach (var request in subscribe.Subscriptions) codes.Add((byte)Subscribe(request, identifier));
            Answer(PacketType.SubAck, subscribe.PacketId, codes);
        }

        return ReasonCode.Success;
    }

    private ReasonCode Subscribe(in SubscriptionRequest request, uint identifier)
    {
        var reason = SubscriptionRules.Check(request.Filter);
        if (reason != ReasonCode.Success) return reason;

        // [MQTT-3.8.4-8] What is granted may be less than what was asked for.
        var granted = Math.Min(request.Qos, (byte)1);
        var filter = request.Filter.ToArray();
        var isNew = !_filters.Contains(filter, LevelComparer.Instance);
        if (isNew && _filters.Count >= _broker.Options.MaxSubscriptionsPerClient) return ReasonCode.QuotaExceeded;
        _broker.Topics.Add(new Subscription(this, filter, (byte)((request.Options & ~3) | granted), identifier));
        if (isNew)
        {
            _filters.Add(filter);
            _broker.Counters.Subscribed(1);
        }

        return (ReasonCode)granted;
    }

    private ReasonCode Unsubscribe(in Packet packet)
    {
        var reason = UnsubscribePacket.Read(packet, Version, out var unsubscribe);
        if (reason != ReasonCode.Success) return reason;
        var codes = new List<byte>();
        lock (_gate)
        {
            if (_isClosed) return ReasonCode.Success;
            foreach (var filter in unsubscribe.Filters)
            {
                var removed = _broker.Topics.Remove(this, filter);
                codes.Add((byte)(removed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted));
                if (!removed) continue;
                var gone = filter.ToArray();
                _filters.RemoveAll(f => f.AsSpan().SequenceEqual(gone));
                _broker.Counters.Subscribed(-1);
            }

            Answer(PacketType.UnsubAck, unsubscribe.PacketId, codes);
        }

        return ReasonCode.Success;
    }

    private void Answer(PacketType type, ushort packetId, List<byte> codes)
    {
        var answer = new SubAckPacket { Type = type, PacketId = packetId, Codes = CollectionsMarshal.AsSpan(codes) };
        PacketWriter.Write(_outbox.Output, Version, answer);
        _wakeAtEndOfRound |= Announce();
    }

    private ReasonCode Ping(in Packet packet)
    {
        var reason = PingPacket.Read(packet);
        if (reason != ReasonCode.Success) return reason;
        lock (_gate)
        {
            PacketWriter.WritePing(_outbox.Output, PacketType.PingResp);
            _wakeAtEndOfRound |= Announce();
        }

        return ReasonCode.Success;
    }

    private ReasonCode Disconnect(in Packet packet)
    {
        var reason = DisconnectPacket.Read(packet, Version, out var disconnect);
        if (reason != ReasonCode.Success) return reason;

        // [MQTT-3.14.2-2] of MQTT 5: a session that began with expiry 0 cannot be given another at its end.
        if (disconnect.Properties.TryGet(PropertyId.SessionExpiryInterval, out uint expiry) && expiry != 0) return ReasonCode.ProtocolError;

        // [MQTT-3.14.4-3] A normal goodbye takes the will with it; any other reason lets it be published.
        if (disconnect.Reason == ReasonCode.Success)
            lock (_gate) _will = null;
        Close(ReasonCode.Success, tellClient: false);
        return ReasonCode.Success;
    }

    private Progress Fail(ReasonCode reason, RefusalReason refusal)
    {
        _broker.Counters.Refused(refusal);
        Close(reason);
        return Progress.Closed;
    }

    private Progress Fail(ReasonCode reason)
    {
        _broker.Counters.ProtocolError();
        Close(reason);
        return Progress.Closed;
    }

    private void EndRound()
    {
        _deliveries.End();
        if (_acceptedInRound > 0)
        {
            _broker.Counters.Accepted(_acceptedInRound);
            _acceptedInRound = 0;
        }

        if (_round.Count > 0)
        {
            _broker.Counters.Waiting(_round.Count);
            lock (_gate)
                foreach (var publish in _round) _pending.Enqueue(publish);
            _round.Clear();

            // The commit may have been done before its number was noted here.
            Drain();
        }

        if (!_wakeAtEndOfRound) return;
        _wakeAtEndOfRound = false;
        _transport.OutputReady();
    }

    /// <summary>
    /// Acknowledges what is safe and shows it to subscribers, in the order it came in: one thread at a time, which goes on until nothing is left.
    /// </summary>
    private void Drain()
    {
        lock (_gate)
        {
            if (_isDraining) return;
            _isDraining = true;
        }

        while (true)
        {
            int count;
            bool wake, resume;
            lock (_gate)
            {
                count = TakeSafe(out wake);
                if (count == 0)
                {
                    _isDraining = false;
                    return;
                }

                resume = _wantsQuiet && !IsLoud();
                if (resume) _wantsQuiet = false;
            }

            _broker.Counters.Acknowledged(count);
            if (wake) _transport.OutputReady();
            if (resume) _transport.Resume();
            foreach (var copy in _safe)
            {
                _broker.Deliver(copy.View, _safeDeliveries);
                copy.Release();
            }

            _safe.Clear();
            _safeDeliveries.End();
        }
    }

    private int TakeSafe(out bool wake)
    {
        wake = false;
        var count = 0;
        var acknowledged = 0;
        var acks = _isClosed ? default : _outbox.Output.GetSpan(PacketWriter.PubAckSize * _pending.Count);
        while (_pending.TryPeek(out var publish) && publish.Commit <= _committed)
        {
            _pending.Dequeue();
            count++;
            if (publish.Copy is not null) _safe.Add(publish.Copy);
            if (_isClosed || publish.PacketId == 0) continue;

            // [MQTT-4.6.0-2] PUBACKs go out in the order of their PUBLISHes.
            PacketWriter.WritePubAck(acks[(PacketWriter.PubAckSize * acknowledged++)..], publish.PacketId);
        }

        if (acknowledged == 0) return count;
        _outbox.Output.Advance(PacketWriter.PubAckSize * acknowledged);
        wake = Announce();
        return count;
    }

    private bool Close(ReasonCode reason, bool tellClient)
    {
        Will? will;
        byte[][] filters;
        bool wasConnected;
        lock (_gate)
        {
            if (_isClosed) return false;
            _isClosed = true;
            wasConnected = _isConnected;

            // [MQTT-3.14.0-1] No DISCONNECT before the CONNACK, and in 3.1.1 none at all from a server.
            if (tellClient && wasConnected && Version == ProtocolVersion.V5)
                PacketWriter.Write(_outbox.Output, Version, new DisconnectPacket { Reason = reason });
            _outbox.DropWaiting();
            (will, _will) = (_will, null);
            filters = [.. _filters];
            _filters.Clear();
        }

        foreach (var filter in filters) _broker.Topics.Remove(this, filter);
        _broker.Counters.Subscribed(-filters.Length);
        _broker.Ended(this, wasConnected);
        _transport.Close();

        // On a thread of its own: whoever closes this session may be in the middle of delivering.
        if (will is not null) ThreadPool.UnsafeQueueUserWorkItem(_ => PublishWill(will), null);
        return true;
    }

    private void PublishWill(Will will)
    {
        var record = will.ToRecord(_clientId);
        var why = "the log has no room.";
        try
        {
            if (record.Flags == RecordFlags.None)
            {
                var deliveries = new DeliveryRound(_broker.Counters);
                _broker.Deliver(will.ToMessage(this), deliveries);
                deliveries.End();
                if (_partition.TryAppend(record, null) != 0)
                {
                    _broker.Counters.Accepted(1);
                    return;
                }
            }
            else if (_partition.TryAppend(record, this) is var commit and not 0)
            {
                var copy = _broker.Topics.HasMatch(record.Topic) ? new KeptMessage(will.ToMessage(this)) : null;
                _broker.Counters.Waiting(1);
                lock (_gate) _pending.Enqueue(new PendingPublish(commit, PacketId: 0, copy));
                Drain();
                return;
            }
        }
        catch (FaultException e)
        {
            why = e.Message;
        }

        _broker.Counters.Refused(RefusalReason.LogFull);
        LogMessages.WillLost(_broker.Logger, ClientId, Encoding.UTF8.GetString(record.Topic), why);
    }

    private bool IsAtReceiveMaximum()
    {
        lock (_gate) return _round.Count + _pending.Count >= _broker.Options.ReceiveMaximum;
    }

    /// <summary>Whether more must not be read now; then the transport is told when it may.</summary>
    private bool StaysLoud()
    {
        lock (_gate) return _wantsQuiet = IsLoud();
    }

    private bool IsLoud() =>
        _outbox.IsFull || (Version == ProtocolVersion.V311 && _pending.Count >= _broker.Options.ReceiveMaximum);

    /// <returns>True where the caller is the one to tell the transport.</returns>
    private bool Announce()
    {
        if (_isAnnounced) return false;
        return _isAnnounced = true;
    }

    private static ReadOnlySpan<byte> WithIdentifier(ReadOnlySpan<byte> properties, uint identifier, out byte[] rented)
    {
        rented = ArrayPool<byte>.Shared.Rent(properties.Length + 5);
        properties.CopyTo(rented);
        var writer = new PropertyWriter(rented.AsSpan(properties.Length));
        writer.Add(PropertyId.SubscriptionIdentifier, identifier);
        return rented.AsSpan(0, properties.Length + writer.Written.Bytes.Length);
    }
}
