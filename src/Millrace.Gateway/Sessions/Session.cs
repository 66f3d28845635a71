using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Gateway.Connections;
using Millrace.Gateway.Retained;
using Millrace.Gateway.Topics;
using Millrace.Mqtt;

namespace Millrace.Gateway.Sessions;

/// <summary>What the server keeps of a client (MQTT 5 section 4.1): its subscriptions, and messages in flight and waiting. It may outlive connections.</summary>
/// <remarks>
/// Any thread may call. One lock guards all of it; it may be held while the connection's is taken, never the other way round, and never while another
/// session's is. Messages go straight to the connection while nothing waits; else positions are noted, and <see cref="SessionFeeder"/> sends them.
/// </remarks>
internal sealed class Session : ISubscriber
{
    private readonly Broker _broker;
    private readonly Lock _gate = new();
    private readonly SessionFeeder _feeder;
    private volatile SubscriptionList _subscriptions = SubscriptionList.Empty;
    private InFlightTable? _inFlight;
    private Inbox? _inbox;
    private Queue<ushort>? _toResend;
    private Queue<RetainedDelivery>? _retained;
    private ReceivedMessages? _received;

    // Packet ids of QoS 2 messages whose release a document keeps: not to be used again before a checkpoint has taken it in.
    private Dictionary<ushort, LogPosition>? _released;
    private long[]? _seen;
    private Connection? _connection;
    private int _connections;
    private int _outstanding;
    private int _window;
    private bool _isEnded;

    public Session(Broker broker, string clientId, byte[] clientIdBytes)
    {
        (_broker, ClientId, ClientIdBytes) = (broker, clientId, clientIdBytes);
        Partition = broker.Ingress.PartitionFor(clientIdBytes);
        Number = SubscriberNumbers.Next();
        _feeder = new SessionFeeder(broker, this);
    }

    public string ClientId { get; }

    public byte[] ClientIdBytes { get; }

    /// <summary>Where its messages go.</summary>
    public ILogPartition Partition { get; }

    public long Number { get; }

    public bool MayOverlap => _subscriptions.All.Count > 1;

    public IReadOnlyList<Subscription> Subscriptions => _subscriptions.All;

    /// <summary>Seconds it lives without a connection.</summary>
    public uint ExpirySeconds { get; private set; }

    public ProtocolVersion Version { get; private set; }

    /// <summary>Whether it outlives its connection, and the process.</summary>
    public bool IsDurable => ExpirySeconds > 0;

    /// <summary>Unix milliseconds; null while it is connected.</summary>
    public long? DisconnectedAt { get; private set; }

    /// <summary>Published when it is due, unless the client comes back before.</summary>
    public Will? PendingWill { get; set; }

    /// <summary>Whether a document was written for it.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether a checkpoint has to write it. Set by any thread, cleared by the checkpoint.</summary>
    public bool IsDirty { get; set; }

    public Connection? Connection
    {
        get
        {
            lock (_gate) return _connection;
        }
    }

    /// <summary>Messages listed for it.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _inbox?.Count ?? 0;
        }
    }

    /// <summary>Messages sent to it and not acknowledged to the end.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate) return _inFlight?.Count ?? 0;
        }
    }

    public bool IsEnded
    {
        get
        {
            lock (_gate) return _isEnded;
        }
    }

    /// <summary>QoS 2 messages whose release a document keeps.</summary>
    public IReadOnlyList<LogPosition> Released
    {
        get
        {
            lock (_gate) return _released is null ? [] : [.. _released.Values];
        }
    }

    /// <summary>A client has connected to it. Nothing is sent before <see cref="Resume"/>.</summary>
    /// <param name="connection">The new one; there is no other.</param>
    /// <param name="expirySeconds">How long it shall live from now on without a connection.</param>
    public void Attach(Connection connection, uint expirySeconds)
    {
        lock (_gate)
        {
            _connection = connection;
            _connections++;
            _outstanding = 0;
            _window = 0;
            Version = connection.Version;
            ExpirySeconds = expirySeconds;
            DisconnectedAt = null;
            PendingWill = null;
            if (IsDurable) _seen ??= _broker.Ends();
        }
    }

    /// <summary>CONNACK is in the output: what was in flight is sent again, [MQTT-4.4.0-1] in its order, and then what waits.</summary>
    /// <param name="connection">That it was attached to.</param>
    /// <param name="window">Messages the client takes at once without acknowledging them.</param>
    public void Resume(Connection connection, int window)
    {
        lock (_gate)
        {
            if (_connection != connection) return;
            _window = window;
            _toResend = null;
            if (_inFlight is { Count: > 0 }) ResendOn(connection);
            FeedIfNeeded();
        }

        connection.WriteOutput();
    }

    /// <summary>Its connection is over.</summary>
    /// <param name="connection">That ended; where another one took its place, nothing happens.</param>
    /// <param name="will">To be published later; null where there is none, or it was published.</param>
    /// <param name="expirySeconds">From now on; null: as before.</param>
    /// <returns>Whether the session was this connection's.</returns>
    public bool Detach(Connection connection, Will? will, uint? expirySeconds)
    {
        List<(SharedGroup Group, LogPosition Position)> returned = [];
        lock (_gate)
        {
            if (_connection != connection) return false;
            _connection = null;
            if (expirySeconds is { } seconds) ExpirySeconds = seconds;
            DisconnectedAt = _broker.NowMs;
            PendingWill = will;
            _toResend = null;
            TakeShared(returned);
        }

        // The last one first, as each is put in front of the others.
        for (var i = returned.Count - 1; i >= 0; i--) returned[i].Group.Return(returned[i].Position);
        foreach (var group in returned.Select(static r => r.Group).Distinct()) group.Feed();
        return true;
    }

    /// <summary>It is over: nothing is delivered to it any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            (_inFlight, _inbox, _retained, _toResend, _received) = (null, null, null, null, null);
        }
    }

    /// <summary>Adds a subscription, or replaces one of the same filter and share name.</summary>
    /// <returns>True where it is new.</returns>
    public bool Add(Subscription subscription)
    {
        lock (_gate)
        {
            var isNew = _subscriptions.Find(subscription.Filter, subscription.Group?.Name) is null;
            _subscriptions = _subscriptions.With(subscription);
            return isNew;
        }
    }

    /// <returns>What was removed; null where there was no such subscription.</returns>
    public Subscription? Remove(ReadOnlySpan<byte> filter, string? share)
    {
        lock (_gate)
        {
            var removed = _subscriptions.Find(filter, share);
            if (removed is not null) _subscriptions = _subscriptions.Without(removed);
            return removed;
        }
    }

    public Subscription? Find(ReadOnlySpan<byte> filter, string? share) => _subscriptions.Find(filter, share);

    /// <summary>Retained messages for a new subscription; they go out before messages that come from now on.</summary>
    public void AddRetained(IEnumerable<RetainedMessage> messages, Subscription subscription)
    {
        lock (_gate)
        {
            if (_isEnded) return;
            foreach (var message in messages) (_retained ??= new()).Enqueue(new RetainedDelivery(message, subscription));
            FeedIfNeeded();
        }
    }

    public void Deliver(in Message message, ReadOnlySpan<Subscription> matches, DeliveryRound round)
    {
        if (!DeliveryTerms.TryGet(message, matches, ClientIdBytes, out var terms)) return;
        lock (_gate)
        {
            if (_isEnded) return;
            if (!message.Position.IsNone && !IsNews(message.Position)) return;
            if (terms.Qos == 0 || message.Position.IsNone)
            {
                if (_connection is not null && _window > 0) SendNow(message, terms.Again(0, terms.Retain), round);
                return;
            }

            if (HasNothingWaiting && HasWindow && TrySend(message, terms, null, round)) return;
            (_inbox ??= NewInbox()).Add(message.Position);
            MarkDirty();
            FeedIfNeeded();
        }
    }

    /// <summary>A shared subscription asks whether this member takes a message now.</summary>
    public bool TryDeliverShared(in Message message, Subscription member, SharedGroup group, DeliveryRound round)
    {
        if (!DeliveryTerms.TryGet(message, new ReadOnlySpan<Subscription>(in member), ClientIdBytes, out var terms)) return false;
        lock (_gate)
        {
            if (_isEnded || _connection is null || _window == 0) return false;
            if (terms.Qos == 0 || message.Position.IsNone) return SendNow(message, terms.Again(0, terms.Retain), round);
            return HasNothingWaiting && HasWindow && TrySend(message, terms, group, round);
        }
    }

    /// <summary>A shared subscription has messages waiting.</summary>
    public void FeedFromGroups()
    {
        lock (_gate) FeedIfNeeded();
    }

    /// <summary>There is room in the connection's output again.</summary>
    public void OutputDrained(Connection connection)
    {
        lock (_gate)
            if (_connection == connection) FeedIfNeeded();
    }

    public void PubAck(Connection connection, ushort packetId)
    {
        lock (_gate)
        {
            if (_connection != connection || _inFlight is null) return;
            ref var message = ref _inFlight.Find(packetId);
            if (Unsafe.IsNullRef(ref message) || message.Qos != 1) return;
            Finish(ref message);
        }
    }

    /// <returns>What to answer with, and the position that a document must keep before that; none where nothing is to be kept.</returns>
    public (ReasonCode Reason, LogPosition ToKeep) PubRec(Connection connection, ushort packetId, ReasonCode reason)
    {
        lock (_gate)
        {
            if (_connection != connection || _inFlight is null) return (ReasonCode.PacketIdentifierNotFound, LogPosition.None);
            ref var message = ref _inFlight.Find(packetId);
            if (Unsafe.IsNullRef(ref message) || message.Qos != 2) return (ReasonCode.PacketIdentifierNotFound, LogPosition.None);
            if (reason >= ReasonCode.UnspecifiedError)
            {
                // Section 4.3.3: the client will not have it, and the packet id is free again.
                Finish(ref message);
                return (reason, LogPosition.None);
            }

            message.State = InFlightState.Released;
            if (!IsDurable || message.Position.IsNone) return (ReasonCode.Success, LogPosition.None);
            (_released ??= [])[packetId] = message.Position;
            MarkDirty();
            return (ReasonCode.Success, message.Position);
        }
    }

    public void PubComp(Connection connection, ushort packetId)
    {
        lock (_gate)
        {
            if (_connection != connection || _inFlight is null) return;
            ref var message = ref _inFlight.Find(packetId);
            if (Unsafe.IsNullRef(ref message) || message.State != InFlightState.Released) return;
            Finish(ref message);
        }
    }

    /// <summary>Appends a QoS 2 message, unless its packet id is known: then it is a repetition. [MQTT-4.3.3-10]</summary>
    /// <param name="record">With the packet id in its properties.</param>
    /// <param name="packetId">Of the PUBLISH.</param>
    /// <param name="listener">Told of the commit.</param>
    /// <param name="offset">Of the message, or of the one that it repeats.</param>
    /// <param name="isRepeated">Whether it was there before.</param>
    /// <returns>As of <see cref="ILogPartition.TryAppend"/>; of a repetition the number is not known.</returns>
    public long AppendOnce(in Record record, ushort packetId, ICommitListener listener, out long offset, out bool isRepeated)
    {
        // A checkpoint that has seen the record in the log must find its packet id here.
        lock (_gate)
        {
            _received ??= new ReceivedMessages();
            isRepeated = _received.TryGet(packetId, out offset);
            if (isRepeated) return 0;
            MarkDirty();
            var commit = Partition.TryAppend(record, listener, out offset);
            if (commit != 0) _received.Add(packetId, offset);
            return commit;
        }
    }

    /// <summary>Whether a packet id is one of a QoS 2 message that was received and not released.</summary>
    public bool IsReceived(ushort packetId)
    {
        lock (_gate) return _received?.TryGet(packetId, out _) == true;
    }

    /// <summary>QoS 2 messages received and not released.</summary>
    public int ReceivedCount => Volatile.Read(ref _received)?.Count ?? 0;

    /// <summary>PUBREL has come.</summary>
    /// <returns>The offset of the message that is free now; -1 where the packet id is not known.</returns>
    public long Free(ushort packetId)
    {
        lock (_gate)
        {
            if (_received is null || !_received.Remove(packetId, out var offset)) return -1;
            MarkDirty();
            return offset;
        }
    }

    /// <summary>Sends the next of what waits.</summary>
    /// <returns>False where nothing does, or nothing can be sent now: whatever changes that feeds again.</returns>
    internal bool FeedOne(LogReader reader)
    {
        LogPosition position;
        SharedGroup? group = null;
        Connection connection;
        ushort resend = 0;
        lock (_gate)
        {
            // What is taken up below is decided again under the lock that it is sent under: another connection may have come.
            if (_isEnded || _connection is null || !HasWindow || !_connection.HasRoom()) return _feeder.Stop();
            connection = _connection;
            if (_toResend is { Count: > 0 })
            {
                resend = _toResend.Peek();
                ref var message = ref _inFlight!.Find(resend);
                if (Unsafe.IsNullRef(ref message) || message.State == InFlightState.Released)
                {
                    _toResend.Dequeue();
                    return true;
                }

                if (message.Retained is { } kept)
                {
                    if (Resend(kept.ToMessage(), resend)) _toResend.Dequeue();
                    return true;
                }

                position = message.Position;
            }
            else if (_retained is { Count: > 0 })
            {
                if (SendRetained(_retained.Peek())) _retained.Dequeue();
                if (_retained.Count == 0) _retained = null;
                return true;
            }
            else if (_inbox is { IsEmpty: false })
            {
                position = _inbox.NeedsSearch ? LogPosition.None : _inbox[0];
            }
            else
            {
                position = LogPosition.None;
                group = _subscriptions.Backlog;
                if (group is null) return _feeder.Stop();
            }
        }

        if (group is not null) return FeedShared(group, connection, reader);
        if (position.IsNone) return Search(reader);
        var isThere = reader.TryRead(position, out var read);
        lock (_gate)
        {
            if (_connection != connection) return true;
            if (resend != 0)
            {
                if (_toResend is not { Count: > 0 } || _toResend.Peek() != resend) return true;
                if (!isThere) DropInFlight(resend);
                if (!isThere || Resend(read, resend)) _toResend.Dequeue();
                return true;
            }

            if (_inbox is null || _inbox.NeedsSearch || _inbox.IsEmpty || _inbox[0] != position) return true;
            if (!isThere || SendListed(read))
            {
                _inbox.Take();
                MarkDirty();
                return true;
            }

            return HasRoomLater();
        }
    }

    /// <summary>What waits cannot be read now.</summary>
    internal void StopFeeding()
    {
        lock (_gate) _feeder.Stop();
    }

    /// <summary>The state for a document, and what a checkpoint may forget with it.</summary>
    /// <param name="forgotten">Packet ids whose release no longer needs a document of its own.</param>
    internal SessionDocument ToDocument(List<LogPosition> forgotten)
    {
        lock (_gate)
        {
            IsDirty = false;
            var waiting = new List<ulong>();
            if (_inFlight is { Count: > 0 })
            {
                for (ref var message = ref _inFlight.First; !Unsafe.IsNullRef(ref message); message = ref _inFlight.After(message))
                {
                    // What is released is among them: until its own document is safe, a crash must find it here.
                    if (!message.Position.IsNone && !(message.Group is not null && message.Qos == 1)) waiting.Add(message.Position.Packed);
                }
            }

            for (var i = 0; i < (_inbox?.Count ?? 0); i++) waiting.Add(_inbox![i].Packed);
            if (_released is not null)
            {
                foreach (var (id, position) in _released)
                    if (_inFlight?.Contains(id) != true) forgotten.Add(position);
            }

            return new SessionDocument
            {
                Version = (byte)Version,
                Expiry = ExpirySeconds,
                DisconnectedAt = DisconnectedAt,
                Subscriptions = [.. _subscriptions.All.Select(static s => new SubscriptionDocument(
                    System.Text.Encoding.UTF8.GetString(s.Filter), s.Options, s.Identifier, s.Since, s.Group?.Name, s.ExcludesParent))],
                Seen = _seen is null ? [] : (long[])_seen.Clone(),
                Waiting = [.. waiting],
                Gaps = _inbox?.Gaps,
                Received = _received?.ToDictionary() ?? [],
                ReceivedThrough = _received?.Through ?? 0,
                Will = WillOf(),
            };
        }
    }

    /// <summary>A checkpoint has written these: their packet ids may be used again.</summary>
    internal void Forget(IEnumerable<LogPosition> written)
    {
        lock (_gate)
        {
            if (_released is null) return;
            foreach (var position in written)
                if (_released.FirstOrDefault(r => r.Value == position) is { Key: not 0 } entry) _released.Remove(entry.Key);
            FeedIfNeeded();
        }
    }

    /// <summary>Positions that members of a shared subscription hold: they wait there, should the server end here.</summary>
    internal void CollectShared(SharedGroup group, List<LogPosition> into)
    {
        lock (_gate)
        {
            if (_inFlight is not { Count: > 0 }) return;
            for (ref var message = ref _inFlight.First; !Unsafe.IsNullRef(ref message); message = ref _inFlight.After(message))
                if (message.Group == group && message.Qos == 1) into.Add(message.Position);
        }
    }

    /// <summary>As a document kept it, without subscriptions. Before anybody else has it.</summary>
    /// <param name="document">The document.</param>
    /// <param name="released">Positions of QoS 2 messages that were released.</param>
    /// <param name="nowMs">When it lost its connection, where it had one.</param>
    internal void Restore(SessionDocument document, HashSet<LogPosition> released, long nowMs)
    {
        IsKept = true;
        Version = (ProtocolVersion)document.Version;
        ExpirySeconds = document.Expiry;
        DisconnectedAt = document.DisconnectedAt ?? nowMs;
        if (document.Will is { } will)
            PendingWill = new Will(System.Text.Encoding.UTF8.GetBytes(will.Topic), will.Payload, will.Properties, will.Qos, will.Retain, will.Delay);
        _seen = _broker.Ends();
        for (var i = 0; i < _seen.Length; i++) _seen[i] = Math.Min(_seen[i], i < document.Seen.Length ? document.Seen[i] : 0);
        var waiting = document.Waiting.Select(LogPosition.OfPacked).Where(p => !released.Contains(p)).ToArray();
        if (waiting.Length > 0 || document.Gaps is not null) (_inbox = NewInbox()).Restore(waiting, document.Gaps);

        // A message that was not safe yet when the session was written is not in the log: its repetition is the first that counts.
        var received = document.Received.Where(r => r.Value < Partition.End).ToDictionary();
        if (received.Count > 0 || document.ReceivedThrough > 0) _received = new ReceivedMessages(received, Math.Min(document.ReceivedThrough, Partition.End));
        foreach (var position in released) AddReleased(position);

        // When it lost its connection must be kept, or every further crash would let it live on.
        if (document.DisconnectedAt is null) MarkDirty();
    }

    /// <summary>A QoS 2 record of its own that stands behind the checkpoint.</summary>
    internal void RestoreReceived(ushort packetId, long offset)
    {
        lock (_gate)
        {
            _received ??= new ReceivedMessages();
            if (offset < _received.Through) return;
            _received.Add(packetId, offset);
            MarkDirty();
        }
    }

    /// <summary>The same for the same position, always: a log keeps its number of partitions.</summary>
    private ushort Qos2IdOf(LogPosition position) =>
        (ushort)((((ulong)position.Offset * (ulong)_broker.Ingress.Partitions.Count) + (ulong)position.Partition) % ushort.MaxValue + 1);

    private void ResendOn(Connection connection)
    {
        for (ref var message = ref _inFlight!.First; !Unsafe.IsNullRef(ref message); message = ref _inFlight.After(message))
        {
            if (message.State == InFlightState.Released) connection.SendAck(PacketType.PubRel, message.PacketId, ReasonCode.Success);
            else (_toResend ??= new()).Enqueue(message.PacketId);
        }
    }

    private bool HasWindow => _outstanding < _window;

    private bool HasNothingWaiting => _connection is not null && _toResend is not { Count: > 0 } && _retained is null && _inbox is not { IsEmpty: false };

    private Inbox NewInbox() => new(_broker.Options.MaxListedMessages, _broker.Ingress.Partitions.Count);

    /// <summary>After a restart the log is read again from the checkpoint on, and some of it is known.</summary>
    private bool IsNews(LogPosition position)
    {
        if (_seen is null) return true;
        if (position.Offset < _seen[position.Partition]) return false;
        _seen[position.Partition] = position.Offset + 1;
        return !_broker.IsRecovering || _released is null || !_released.ContainsValue(position);
    }

    private bool SendNow(in Message message, in DeliveryTerms terms, DeliveryRound round)
    {
        var connection = _connection!;
        if (!connection.MayReceive(message.Topic)) return false;
        var delivered = connection.Send(message, terms, 0, dup: false, out var wake);
        if (wake) round.Touch(connection);
        if (delivered == Delivered.Sent) round.Sent();
        else if (delivered != Delivered.Expired) round.Dropped();
        return delivered == Delivered.Sent;
    }

    /// <returns>False where it has to wait. True also where the client never gets it: not allowed, too large, expired.</returns>
    private bool TrySend(in Message message, in DeliveryTerms terms, SharedGroup? group, DeliveryRound? round)
    {
        var connection = _connection!;
        if (!connection.MayReceive(message.Topic))
        {
            round?.Dropped();
            return true;
        }

        if (!TryTakeId(terms.Qos, message.Position, out var id)) return false;
        var delivered = connection.Send(message, terms, id, dup: false, out var wake);
        if (wake) round?.Touch(connection);

        switch (delivered)
        {
            case Delivered.NoRoom:
                return false;
            case Delivered.TooLarge:
                if (round is null) _broker.Counters.Dropped(1);
                else round.Dropped();
                return true;
            case Delivered.Expired:
                return true;
        }

        if (round is null) _broker.Counters.Sent(1);
        else round.Sent();
        (_inFlight ??= new()).Add(new InFlightMessage { PacketId = id, Qos = terms.Qos, Position = message.Position, Retain = terms.Retain, Group = group, SentOn = _connections });
        _outstanding++;
        if (IsDurable) MarkDirty();
        return true;
    }

    /// <summary>
    /// A QoS 2 message that may have to be sent again after a crash has a packet id that follows from its position: the client knows it again, and nothing
    /// has to be written before it is sent.
    /// </summary>
    private bool TryTakeId(byte qos, LogPosition position, out ushort id)
    {
        _inFlight ??= new InFlightTable();
        if (qos < 2 || !IsDurable || position.IsNone)
        {
            id = _inFlight.NextFreeId(_released);
            return true;
        }

        id = Qos2IdOf(position);
        return !_inFlight.Contains(id) && _released?.ContainsKey(id) != true;
    }

    private bool SendListed(in Message message)
    {
        var wanting = _subscriptions.Wanting(message, shared: false);

        // A QoS 2 message that this member of a shared subscription had in flight when the server ended stays with it. [MQTT-4.8.2-5]
        if (wanting.Count == 0 && message.Qos == 2) wanting = _subscriptions.Wanting(message, shared: true);
        if (wanting.Count == 0) return true;
        if (!DeliveryTerms.TryGet(message, CollectionsMarshal.AsSpan(wanting), ClientIdBytes, out var terms)) return true;
        if (terms.Qos > 0) return TrySend(message, terms, null, null);
        var delivered = _connection!.Send(message, terms, 0, dup: false, out _);
        return delivered != Delivered.NoRoom;
    }

    private bool SendRetained(RetainedDelivery delivery)
    {
        var message = delivery.Message.ToMessage();
        if (!_connection!.MayReceive(message.Topic)) return true;
        var subscription = delivery.Subscription;
        var terms = DeliveryTerms.OfRetained(message, new ReadOnlySpan<Subscription>(in subscription));
        ushort id = 0;
        if (terms.Qos > 0) id = (_inFlight ??= new()).NextFreeId(_released);
        var delivered = _connection.Send(message, terms, id, dup: false, out _);
        if (delivered == Delivered.NoRoom) return false;
        if (delivered != Delivered.Sent) return true;
        _broker.Counters.Sent(1);
        if (terms.Qos == 0) return true;
        _inFlight!.Add(new InFlightMessage { PacketId = id, Qos = terms.Qos, Position = LogPosition.None, Retained = delivery.Message, Retain = true, SentOn = _connections });
        _outstanding++;
        return true;
    }

    /// <returns>False where there is no room now.</returns>
    private bool Resend(in Message message, ushort packetId)
    {
        ref var sent = ref _inFlight!.Find(packetId);
        if (Unsafe.IsNullRef(ref sent) || sent.State == InFlightState.Released) return true;
        var wanting = _subscriptions.Wanting(message, shared: null);
        DeliveryTerms.TryGet(message, CollectionsMarshal.AsSpan(wanting), ClientIdBytes, out var terms);

        // [MQTT-3.3.1-1] DUP says that the client may have it.
        var delivered = _connection!.Send(message, terms.Again(sent.Qos, sent.Retain), packetId, dup: true, out _);
        if (delivered == Delivered.NoRoom) return false;
        if (delivered != Delivered.Sent)
        {
            DropInFlight(packetId);
            return true;
        }

        sent.SentOn = _connections;
        _outstanding++;
        return true;
    }

    private bool FeedShared(SharedGroup group, Connection connection, LogReader reader)
    {
        if (!group.TryPull(out var position)) return true;
        if (position.IsNone)
        {
            group.Search(reader);
            return true;
        }

        var isDone = false;
        try
        {
            // What is not in the log any more is nobody's.
            if (!reader.TryRead(position, out var message)) return isDone = true;
            return TrySendShared(message, group, connection, out isDone);
        }
        finally
        {
            group.Done(position, isDone);
        }
    }

    /// <returns>Whether this member may be given more.</returns>
    private bool TrySendShared(in Message message, SharedGroup group, Connection connection, out bool isTaken)
    {
        lock (_gate)
        {
            var member = _subscriptions.MemberOf(group);
            isTaken = _connection == connection && !_isEnded && member is not null
                && DeliveryTerms.TryGet(message, new ReadOnlySpan<Subscription>(in member), ClientIdBytes, out var terms)
                && (terms.Qos == 0 ? connection.Send(message, terms, 0, dup: false, out _) == Delivered.Sent : TrySend(message, terms, group, null));
            return isTaken || HasRoomLater();
        }
    }

    /// <summary>Lists what had no place in the inbox, one frame of the log at a time.</summary>
    private bool Search(LogReader reader)
    {
        int partition;
        long from, seen;
        lock (_gate)
        {
            if (_inbox is not { NeedsSearch: true }) return true;
            (partition, from) = _inbox.Gap();
            seen = SeenOf(partition);
        }

        var found = reader.Search(partition, from, seen, _subscriptions.Listing, out var through);
        lock (_gate)
        {
            if (_inbox is not null && _inbox.Gap() == (partition, from)) _inbox.Found(partition, found, through, isAll: through >= SeenOf(partition));
        }

        return true;
    }

    private long SeenOf(int partition) => _seen is null ? _broker.DispatchedTo(partition) : _seen[partition];

    /// <summary>What waits cannot be sent now. Either the output is full, and its end feeds again; or a packet id is taken, and its acknowledgement does.</summary>
    private bool HasRoomLater()
    {
        if (_connection?.HasRoom() == true) return _feeder.Stop();
        return true;
    }

    private void Finish(ref InFlightMessage message)
    {
        if (message.SentOn == _connections) _outstanding--;
        if (message.Group is { } group) group.IsDirty = true;
        _inFlight!.Remove(message.PacketId);
        MarkDirty();
        FeedIfNeeded();
    }

    private void DropInFlight(ushort packetId)
    {
        _inFlight!.Remove(packetId);
        MarkDirty();
    }

    private void FeedIfNeeded()
    {
        if (_connection is null || !HasWindow || _isEnded) return;
        if (HasNothingWaiting && _subscriptions.Backlog is null) return;
        _feeder.Start();
    }

    private void MarkDirty()
    {
        if (IsDirty || !IsDurable) return;
        IsDirty = true;
        _broker.Store.MarkDirty(this);
    }

    /// <summary>[MQTT-4.8.2-4], [MQTT-4.8.2-5]: what was QoS 1 may go to another member; QoS 2 stays with this one while its session lives.</summary>
    private void TakeShared(List<(SharedGroup Group, LogPosition Position)> returned)
    {
        if (_inFlight is not { Count: > 0 }) return;
        var ids = new List<ushort>();
        for (ref var message = ref _inFlight.First; !Unsafe.IsNullRef(ref message); message = ref _inFlight.After(message))
        {
            if (message.Group is null || message.State == InFlightState.Released || (message.Qos == 2 && IsDurable)) continue;
            returned.Add((message.Group, message.Position));
            ids.Add(message.PacketId);
        }

        foreach (var id in ids) _inFlight.Remove(id);
    }

    private void AddReleased(LogPosition position)
    {
        var id = Qos2IdOf(position);
        (_released ??= [])[id] = position;
        (_inFlight ??= new()).Add(new InFlightMessage { PacketId = id, Qos = 2, State = InFlightState.Released, Position = position });
    }

    private WillDocument? WillOf()
    {
        var will = PendingWill ?? _connection?.Will;
        return will is null ? null : new WillDocument(System.Text.Encoding.UTF8.GetString(will.Topic), will.Payload, will.Properties, will.Qos, will.Retain, will.DelaySeconds);
    }
}
