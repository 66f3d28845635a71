using System.Buffers;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Retained;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>What one connection publishes: into the log, and answered in the order it came when it is safe there.</summary>
/// <remarks>Publish and EndRound are called by the receiving thread, Committed by any.</remarks>
internal sealed class Intake(Broker broker, Connection connection, Session session) : ICommitListener
{
    private readonly ILogPartition _partition = session.Partition;

    // Only the receiving thread uses these.
    private readonly List<PendingPublish> _round = [];
    private TopicAliases? _aliases;
    private DeliveryRound? _deliveries;
    private byte[] _changed = [];
    private byte[]? _publisher;
    private byte[] _withPublisher = [];
    private int _roundOf1;
    private int _acceptedInRound;
    private long _roomAfter = -1;

    private readonly Lock _gate = new();
    private Queue<PendingPublish>? _pending;
    private int _pendingOf1;
    private long _committed;
    private bool _isDraining;
    private bool _wantsQuiet;
    private volatile bool _isOver;

    // A QoS 2 message counts until it is released, which its session knows.
    private bool IsOverReceiveMaximum => _roundOf1 + Volatile.Read(ref _pendingOf1) + session.ReceivedCount >= broker.Options.ReceiveMaximum;

    private bool IsBusy =>
        connection.Version == ProtocolVersion.V311 && _pendingOf1 > 0 && _pendingOf1 + session.ReceivedCount >= broker.Options.ReceiveMaximum;

    /// <summary>Whether more must not be read now; then the transport is told when it may.</summary>
    public bool StaysBusy()
    {
        if (connection.Version != ProtocolVersion.V311) return false;
        lock (_gate) return _wantsQuiet = IsBusy;
    }

    public ValueTask WaitForRoomAsync(CancellationToken stop)
    {
        if (_roomAfter < 0) return _partition.WaitForRoomAsync(stop);
        var after = _roomAfter;
        _roomAfter = -1;
        return _partition.WaitForRecordsAsync(after, stop);
    }

    public Progress Publish(in PublishPacket publish)
    {
        var topic = publish.Topic;
        var properties = publish.Properties.Bytes;
        if (!properties.IsEmpty && publish.Properties.TryGet(PropertyId.TopicAlias, out uint alias))
        {
            _aliases ??= new TopicAliases();
            if (alias == 0 || alias > broker.Options.TopicAliasMaximum)
                return connection.Fail(ReasonCode.TopicAliasInvalid, RefusalReason.Property, $"A topic alias is from 1 to {broker.Options.TopicAliasMaximum}.");
            if (!topic.IsEmpty) _aliases.Set(alias, topic);
            else topic = _aliases.Find(alias);

            // Section 3.3.2.3.4: an alias that stands for nothing yet.
            if (topic.IsEmpty) return connection.Fail(ReasonCode.ProtocolError, RefusalReason.Property, "The topic alias stands for nothing.");

            properties = Without(PropertyId.TopicAlias, publish.Properties);
        }

        if (Refuse(publish, topic) is { } refused) return refused;
        var flags = LoggedProperties.FlagsOf(publish.Qos, publish.Retain);
        if (broker.RecordPublisher)
        {
            properties = WithPublisher(properties);
            flags |= RecordFlags.Publisher;
        }

        var record = new Record
        {
            Topic = topic,
            Key = session.ClientIdBytes,
            Properties = properties,
            Payload = publish.Payload,
            Offset = -1,
            Flags = flags,
        };
        try
        {
            return publish.Retain ? PublishRetained(publish, record) : publish.Qos switch
            {
                0 => Publish0(record),
                1 => Publish1(publish.PacketId, record, begun: default),
                _ => Publish2(publish.PacketId, record, begun: default),
            };
        }
        catch (FaultException e) when (e.Fault == Fault.Refused)
        {
            return connection.Fail(ReasonCode.PacketTooLarge, RefusalReason.TooLarge, e.Message);
        }
        catch (FaultException)
        {
            return connection.Fail(ReasonCode.ServerShuttingDown, RefusalReason.LogClosed, "The log is closed.");
        }
    }

    /// <summary>All that has arrived is handled.</summary>
    public void EndRound()
    {
        _deliveries?.End();
        if (_acceptedInRound > 0)
        {
            broker.Counters.Accepted(_acceptedInRound);
            _acceptedInRound = 0;
        }

        if (_round.Count == 0) return;
        var waiting = 0;
        lock (_gate)
        {
            _pending ??= new();
            foreach (var publish in _round)
            {
                if (publish.Commit != 0) waiting++;
                _pending.Enqueue(publish);
            }

            _pendingOf1 += _roundOf1;
            _roundOf1 = 0;
            _round.Clear();
        }

        if (waiting > 0) broker.Counters.Waiting(waiting);

        // The commit may have been done before its number was noted here.
        Drain();
    }

    /// <summary>The connection is over: what is safe is still counted and retained, but not answered.</summary>
    public void End() => _isOver = true;

    void ICommitListener.Committed(ILogPartition partition, long commit)
    {
        lock (_gate) _committed = Math.Max(_committed, commit);
        Drain();
    }

    /// <returns>Null where it may be published.</returns>
    private Progress? Refuse(in PublishPacket publish, ReadOnlySpan<byte> topic)
    {
        var refused = PublishRules.Check(publish, topic, connection.Peer.Listener, broker.Options);
        if (refused is null && !connection.Access.MayPublish(topic, publish.Retain))
        {
            var what = $"No policy of {connection.Access.Principal} allows to publish to {Encoding.UTF8.GetString(topic)}{(publish.Retain ? " with RETAIN" : "")}.";
            LogMessages.NotAuthorized(broker.Logger, session.ClientId, connection.Peer.Address, what);
            refused = new(RefusalReason.NotAuthorized, ReasonCode.NotAuthorized, what);
        }

        if (refused is null && publish.Retain && !publish.Payload.IsEmpty && !broker.Retained.HasRoom(topic, topic.Length + publish.Payload.Length))
            refused = new(RefusalReason.Retain, ReasonCode.QuotaExceeded, "No more messages can be retained.");
        if (refused is not { } why) return null;

        // MQTT 5 can say no to one message; else a client that is not told would go on believing.
        if (publish.Qos == 0 || connection.Version != ProtocolVersion.V5 || !ReasonCodes.IsAllowed(PacketType.PubAck, (byte)why.Reason))
            return connection.Fail(why.Reason, why.Counted, why.Why);
        broker.Counters.Refused(why.Counted);
        Note(new PendingPublish(0, publish.PacketId, publish.Qos, why.Reason));
        return Progress.NeedInput;
    }

    private Progress Publish0(in Record record)
    {
        if (_partition.TryAppend(record, null) == 0) broker.Counters.Refused(RefusalReason.LogFull);
        else _acceptedInRound++;
        DeliverNow(record);
        return Progress.NeedInput;
    }

    private Progress Publish1(ushort packetId, in Record record, LogPosition begun)
    {
        if (IsOverReceiveMaximum) return RefuseMore();
        var commit = _partition.TryAppend(record, this, out var offset);
        if (commit == 0) return Progress.NeedRoom;
        Note(new PendingPublish(commit, packetId, 1, ReasonCode.Success, RetainedOf(record, offset), begun));
        return Progress.NeedInput;
    }

    private Progress Publish2(ushort packetId, in Record record, LogPosition begun)
    {
        if (IsOverReceiveMaximum && !session.IsReceived(packetId)) return RefuseMore();
        var size = record.Properties.Length + LoggedProperties.PacketIdSize;
        var memory = size <= 512 ? stackalloc byte[size] : new byte[size];
        var marked = record with { Properties = LoggedProperties.WithPacketId(record.Properties, packetId, memory) };
        var commit = session.AppendOnce(marked, packetId, this, out var offset, out var isRepeated);
        if (!isRepeated)
        {
            if (commit == 0) return Progress.NeedRoom;
            Note(new PendingPublish(commit, packetId, 2, ReasonCode.Success, RetainedOf(record, offset), begun));
            return Progress.NeedInput;
        }

        if (_partition.End > offset)
        {
            Note(new PendingPublish(0, packetId, 2));
            return Progress.NeedInput;
        }

        // It came a moment ago, over a connection that is gone: its PUBREC waits for the same commit.
        _roomAfter = offset;
        return Progress.NeedRoom;
    }

    private Progress PublishRetained(in PublishPacket publish, in Record record)
    {
        var begun = new LogPosition(_partition.Index, _partition.End);
        broker.Retained.Begin(begun);
        var noted = _round.Count;
        try
        {
            if (publish.Qos > 0) return publish.Qos == 1 ? Publish1(publish.PacketId, record, begun) : Publish2(publish.PacketId, record, begun);
            if (_partition.TryAppend(record, null, out var offset) == 0)
            {
                broker.Counters.Refused(RefusalReason.LogFull);
            }
            else
            {
                _acceptedInRound++;
                broker.Retained.Put(RetainedOf(record, offset)!);
            }

            DeliverNow(record);
            return Progress.NeedInput;
        }
        finally
        {
            if (_round.Count == noted || _round[^1].Retained is null) broker.Retained.End(begun);
        }
    }

    private RetainedMessage? RetainedOf(in Record record, long offset) => record.Flags.HasFlag(RecordFlags.Retain) ? Retained(record, offset) : null;

    // Apart, as its large locals would be cleared for each message that is not retained.
    private RetainedMessage Retained(in Record record, long offset) =>
        new(new Message(record, _partition.Index), new LogPosition(_partition.Index, offset), broker.NowNs);

    private void DeliverNow(in Record record)
    {
        if (broker.Topics.Count == 0 || BasicIngestTopic.Is(record.Topic)) return;
        _deliveries ??= new DeliveryRound(broker.Topics, broker.Counters);
        _deliveries.Deliver(new Message(record, _partition.Index) { Position = LogPosition.None });
    }

    private void Note(in PendingPublish publish)
    {
        _round.Add(publish);
        if (publish.Qos == 1) _roundOf1++;
    }

    private Progress RefuseMore()
    {
        // Section 3.3.4: a client that was told the limit must keep it. One of 3.1.1 was not, and is just not read from; but for the PUBRELs of QoS 2, which
        // come behind this one, nobody can wait.
        var waitsForCommit = _roundOf1 + Volatile.Read(ref _pendingOf1) > 0;
        return connection.Version == ProtocolVersion.V311 && waitsForCommit
            ? Progress.NeedQuiet
            : connection.Fail(ReasonCode.ReceiveMaximumExceeded, RefusalReason.ReceiveMaximum, $"The Receive Maximum is {broker.Options.ReceiveMaximum}.");
    }

    /// <summary>Answers what is safe, in the order it came in: one thread at a time, which goes on until nothing is left.</summary>
    private void Drain()
    {
        lock (_gate)
        {
            if (_isDraining) return;
            _isDraining = true;
        }

        while (true)
        {
            int answered, safe;
            bool resume;
            lock (_gate)
            {
                answered = AnswerSafe(out safe);
                if (answered == 0)
                {
                    _isDraining = false;
                    return;
                }

                resume = _wantsQuiet && !IsBusy;
                if (resume) _wantsQuiet = false;
            }

            if (safe > 0) broker.Counters.Acknowledged(safe);
            connection.WriteOutput();
            if (resume) connection.ResumeReading();
        }
    }

    private int AnswerSafe(out int safe)
    {
        var answered = 0;
        safe = 0;
        if (_pending is null) return 0;
        using var answers = _isOver ? default : connection.BeginAnswers(_pending.Count);
        while (_pending.TryPeek(out var publish) && publish.Commit <= _committed)
        {
            _pending.Dequeue();
            answered++;
            if (publish.Qos == 1) _pendingOf1--;
            if (publish.Commit != 0) safe++;

            // What was published with RETAIN is there for new subscribers before its publisher is told.
            if (publish.Retained is { } retained)
            {
                broker.Retained.Put(retained);
                broker.Retained.End(publish.Begun);
            }

            // [MQTT-4.6.0-2], [MQTT-4.6.0-3]: answers go out in the order of their PUBLISHes.
            if (!_isOver) answers.Add(publish.Qos == 1 ? PacketType.PubAck : PacketType.PubRec, publish.PacketId, publish.Reason);
        }

        return answered;
    }

    private ReadOnlySpan<byte> WithPublisher(ReadOnlySpan<byte> properties)
    {
        _publisher ??= LoggedProperties.PublisherOf(connection.Access.Principal, connection.Peer.Host);
        var size = properties.Length + _publisher.Length;
        if (_withPublisher.Length < size) _withPublisher = new byte[size];
        properties.CopyTo(_withPublisher);
        _publisher.CopyTo(_withPublisher, properties.Length);
        return _withPublisher.AsSpan(0, size);
    }

    private ReadOnlySpan<byte> Without(PropertyId id, Properties properties)
    {
        if (_changed.Length < properties.Bytes.Length) _changed = new byte[properties.Bytes.Length];
        var writer = new PropertyWriter(_changed);
        foreach (var property in properties)
            if (property.Id != id) writer.Add(property);
        return writer.Written.Bytes;
    }
}
