using System.Buffers;
using System.Text;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Tests.Gateway.Model;

/// <summary>A client that does what the specification asks of one, keeps its session state, and has every packet it gets checked.</summary>
internal sealed class ModelClient
{
    private readonly ModelRun _run;
    private readonly List<Outgoing> _outgoing = [];
    private readonly Dictionary<ushort, (ModelMessage? Message, int Step)> _received2 = [];
    private readonly Dictionary<ushort, (ModelMessage? Message, int Step)> _inFlight = [];
    private readonly List<(PacketType Type, ushort Id)> _owed = [];
    private readonly Dictionary<ushort, Action<ReadOnlyMemory<byte>>> _requests = [];
    private readonly Dictionary<uint, string> _aliases = [];
    private ushort _lastPacketId;
    private int _serverReceiveMaximum;
    private bool _mustBeClean;
    private bool _askedClean;
    private long _connectSentMs;
    private long _sentMs;

    public ModelClient(ModelRun run, int number, Random random)
    {
        _run = run;
        (Id, RetainedTopic) = ($"client{number}", $"r/{number}");
        Version = random.Next(3) == 0 ? ProtocolVersion.V311 : ProtocolVersion.V5;
        IsDurable = random.Next(3) > 0;
        ExpirySeconds = !IsDurable ? 0 : Version == ProtocolVersion.V311 ? int.MaxValue : random.Next(3) == 0 ? 30 : 100_000;
        ReceiveMaximum = Version == ProtocolVersion.V5 && random.Next(2) == 0 ? random.Next(1, 4) : ushort.MaxValue;
        TopicAliasMaximum = Version == ProtocolVersion.V5 ? random.Next(3) : 0;
        AcksInOrder = random.Next(4) > 0;
    }

    public string Id { get; }

    /// <summary>That only this client publishes retained messages to, so that there is one order of them.</summary>
    public string RetainedTopic { get; }

    public ProtocolVersion Version { get; }

    public bool IsDurable { get; }

    public int ExpirySeconds { get; }

    public int ReceiveMaximum { get; }

    public int TopicAliasMaximum { get; }

    public bool AcksInOrder { get; }

    public Link? Link { get; private set; }

    /// <summary>How many there were.</summary>
    public int Links { get; private set; }

    /// <summary>CONNACK has come over this link.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>It has said goodbye, and sends nothing more.</summary>
    public bool IsLeaving { get; private set; }

    public ClientHistory History { get; private set; } = new();

    /// <summary>What it was connected with; null for none.</summary>
    public ModelMessage? Will { get; private set; }

    public int WillDelay { get; private set; }

    /// <summary>When the link was lost on the client's side, in milliseconds; and when the server knew at the latest.</summary>
    public long LostMs { get; set; }

    public long? NoticedMs { get; set; }

    /// <summary>The server has said that there is a session, and nothing has ended it since but, perhaps, time.</summary>
    public bool SessionExists { get; private set; }

    /// <summary>There may be one all the same: a CONNECT is on its way or lost.</summary>
    public bool SessionMayExist { get; private set; }

    public bool HasOwed => _owed.Count > 0;

    public bool CanPublish(byte qos) => IsConnected && !IsLeaving && (qos == 0 || _outgoing.Count < Math.Min(_serverReceiveMaximum, 6));

    public void Connect(Link link, bool clean, ModelMessage? will, int willDelay)
    {
        // Of 3.1.1, clean is what is not durable. A clean start that was not answered has to be asked for again: whether the old session is gone is not known.
        _askedClean = Version == ProtocolVersion.V311 ? !IsDurable : clean || _mustBeClean;
        (Link, Will, WillDelay, Links) = (link, will, willDelay, Links + 1);
        (_connectSentMs, IsLeaving) = (_run.NowMs, false);
        if (_askedClean) ForgetSession();
        _mustBeClean = _askedClean;
        SessionMayExist = IsDurable;

        var properties = new PropertyWriter(new byte[64]);
        var willProperties = new PropertyWriter(new byte[16]);
        if (Version == ProtocolVersion.V5)
        {
            if (ExpirySeconds > 0) properties.Add(PropertyId.SessionExpiryInterval, (uint)ExpirySeconds);
            if (ReceiveMaximum < ushort.MaxValue) properties.Add(PropertyId.ReceiveMaximum, (uint)ReceiveMaximum);
            if (TopicAliasMaximum > 0) properties.Add(PropertyId.TopicAliasMaximum, (uint)TopicAliasMaximum);
            if (willDelay > 0) willProperties.Add(PropertyId.WillDelayInterval, (uint)willDelay);
        }

        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, new ConnectPacket
        {
            Version = Version,
            CleanStart = _askedClean,
            ClientId = Encoding.UTF8.GetBytes(Id),
            Properties = properties.Written,
            HasWill = will is not null,
            WillQos = will?.Qos ?? 0,
            WillTopic = Encoding.UTF8.GetBytes(will?.Topic ?? ""),
            WillPayload = Encoding.UTF8.GetBytes(will?.Payload ?? ""),
            WillProperties = willProperties.Written,
        });
        _run.Note($"{Id} connects{(_askedClean ? " clean" : "")}{(will is null ? "" : $" with {will}, delay {willDelay}")}");
        link.Send(output.WrittenSpan);
    }

    public void Publish(ModelMessage message)
    {
        var id = message.Qos == 0 ? (ushort)0 : NextPacketId();
        (message.SentAt, message.SentMs) = (_run.Step, _run.NowMs);
        _run.Note($"{Id} publishes {message}{(id > 0 ? $" as #{id}" : "")}");
        if (message.Qos > 0) _outgoing.Add(new Outgoing(id, message));
        SendPublish(message, id, dup: false);
    }

    public void Subscribe(string filter, byte options)
    {
        if (Version == ProtocolVersion.V311) options &= 3;
        var id = NextPacketId();
        var identifier = Version == ProtocolVersion.V5 && _run.Random.Next(3) == 0 ? (uint)_run.Random.Next(1, 300) : 0;
        var subscription = History.Subscribing(filter, options, identifier, _run.Step);
        var list = new ArrayBufferWriter<byte>();
        SubscriptionWriter.Add(list, Encoding.UTF8.GetBytes(filter), options);
        var properties = new PropertyWriter(new byte[8]);
        if (identifier > 0) properties.Add(PropertyId.SubscriptionIdentifier, identifier);
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, Version, new SubscribePacket { PacketId = id, Subscriptions = new(list.WrittenSpan), Properties = properties.Written });
        _run.Note($"{Id} subscribes to {filter} with {options:X2}{(identifier > 0 ? $" as {identifier}" : "")}");
        _requests[id] = codes =>
        {
            Must(codes.Length == 1 && codes.Span[0] == subscription.Qos, $"SUBACK grants {Convert.ToHexString(codes.Span)} for QoS {subscription.Qos}");
            History.Subscribed(subscription, _run.Step);
        };
        Link!.Send(output.WrittenSpan);
    }

    public void Unsubscribe(string filter)
    {
        var id = NextPacketId();
        var wasThere = History.Unsubscribing(filter, _run.Step);
        var list = new ArrayBufferWriter<byte>();
        SubscriptionWriter.Add(list, Encoding.UTF8.GetBytes(filter));
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, Version, new UnsubscribePacket { PacketId = id, Filters = new(list.WrittenSpan) });
        _run.Note($"{Id} unsubscribes from {filter}");
        _requests[id] = codes =>
        {
            if (Version == ProtocolVersion.V5 && wasThere is { } was && !History.IsUncertain) Must(codes.Span[0] == (was ? 0 : 0x11), $"UNSUBACK says {codes.Span[0]:X2}");
            History.Unsubscribed(filter, _run.Step);
        };
        Link!.Send(output.WrittenSpan);
    }

    /// <summary>Sends one of the acknowledgements it owes.</summary>
    public void Acknowledge()
    {
        if (_owed.Count == 0) return;
        var (type, id) = _owed[AcksInOrder ? 0 : _run.Random.Next(_owed.Count)];
        _owed.Remove((type, id));
        if (type is PacketType.PubAck or PacketType.PubComp) _inFlight.Remove(id);
        _run.Note($"{Id} sends {type} #{id}");
        SendAck(type, id);
    }

    public void Disconnect()
    {
        _run.Note($"{Id} says goodbye");
        Link!.Send([0xE0, 0]);
        (IsLeaving, LostMs) = (true, _run.NowMs);
    }

    /// <summary>The network is gone, and what was on its way with it.</summary>
    public Link? Lose()
    {
        var link = Link;
        if (link is null) return null;
        _run.Note($"{Id} loses its network");
        link.Cut();
        if (IsConnected && !IsLeaving) LostMs = _run.NowMs;
        (Link, IsConnected, NoticedMs) = (null, false, null);
        _owed.Clear();
        _inFlight.Clear();
        _requests.Clear();
        _aliases.Clear();
        if (!IsDurable) EndSession();
        return link;
    }

    /// <returns>False where nothing has come.</returns>
    public bool ReceiveOne()
    {
        if (Link?.ReceiveAtClient(out _sentMs) is not { } bytes) return false;
        using var reader = new PacketReader(VarInt.Max);
        ReadOnlySpan<byte> rest = bytes;
        reader.Read(ref rest, out var packet);
        _run.Note($"{Id} gets {Testing.Mqtt.PacketText.Of(packet, Version)}");
        Handle(packet);
        return true;
    }

    private void Handle(in Packet packet)
    {
        Must(IsConnected != (packet.Type == PacketType.ConnAck), $"{packet.Type} at this point");
        switch (packet.Type)
        {
            case PacketType.ConnAck:
                Must(ConnAckPacket.Read(packet, Version, out var connAck) == ReasonCode.Success, "CONNACK is not valid");
                Connected(connAck);
                break;
            case PacketType.Publish:
                Must(PublishPacket.Read(packet, Version, out var publish) == ReasonCode.Success, "PUBLISH is not valid");
                Received(publish);
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                Must(AckPacket.Read(packet, Version, out var ack) == ReasonCode.Success, $"{packet.Type} is not valid");
                Acknowledged(ack);
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                Must(SubAckPacket.Read(packet, Version, out var subAck) == ReasonCode.Success, $"{packet.Type} is not valid");
                Must(_requests.Remove(subAck.PacketId, out var answered), $"{packet.Type} #{subAck.PacketId} answers nothing");
                answered!(subAck.Codes.ToArray());
                break;
            case PacketType.Disconnect:
                Must(DisconnectPacket.Read(packet, Version, out var disconnect) == ReasonCode.Success, "DISCONNECT is not valid");
                throw new ModelViolationException($"{Id} keeps to the rules, and is disconnected: {disconnect.Reason}");
            default:
                Must(false, $"a server does not send {packet.Type} here");
                break;
        }
    }

    private void Connected(in ConnAckPacket connAck)
    {
        Must(connAck.Reason == ReasonCode.Success, $"the CONNECT is refused: {connAck.Reason}");
        IsConnected = true;
        _serverReceiveMaximum = connAck.Properties.TryGet(PropertyId.ReceiveMaximum, out uint most) ? (int)most : ushort.MaxValue;

        // [MQTT-3.2.2-2], [MQTT-3.2.2-3], and section 4.1.1: what is kept, and what must not be.
        var livesMs = ExpirySeconds * 1000L;
        var mustBePresent = SessionExists && IsDurable && !_askedClean && _run.NowMs - LostMs < livesMs;
        var mayBePresent = (SessionExists || SessionMayExist) && IsDurable && !_askedClean
            && !(NoticedMs is { } noticed && _connectSentMs - noticed >= livesMs);
        if (connAck.SessionPresent) Must(mayBePresent, "a session is present that must not be");
        else Must(!mustBePresent, "the session is gone");
        if (!connAck.SessionPresent) ForgetSession();

        // It may be another one, begun by a CONNECT whose CONNACK was lost after the first one had expired.
        else if (!mustBePresent) History.IsUncertain = true;
        (_mustBeClean, SessionExists) = (false, true);
        foreach (var outgoing in _outgoing)
        {
            // [MQTT-4.4.0-1] What was not acknowledged is sent again, in its order.
            if (outgoing.IsReleased)
            {
                SendAck(PacketType.PubRel, outgoing.PacketId);
                continue;
            }

            if (outgoing.Message.Qos == 1 || History.IsUncertain) outgoing.Message.WasRepeated = true;
            _run.Note($"{Id} publishes {outgoing.Message} again as #{outgoing.PacketId}");
            SendPublish(outgoing.Message, outgoing.PacketId, dup: true);
        }
    }

    private void Received(in PublishPacket publish)
    {
        var topic = TopicOf(publish);
        var text = Encoding.UTF8.GetString(publish.Payload).TrimEnd('.');
        var message = text.Length == 0 ? null : _run.Message(int.Parse(text.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));
        if (message is not null) Must(message.Topic == topic, $"{message} comes on {topic}");
        var isRepeated = false;
        if (publish.Qos > 0)
        {
            var id = publish.PacketId;
            var isKnown = _inFlight.TryGetValue(id, out var before) || _received2.TryGetValue(id, out before);

            // [MQTT-3.3.1-1] DUP, unless the one that sent it first is not there any more. A packet id that was in use when the server crashed may come
            // again: of a retained message, and of a subscription that has changed, it is not kept.
            var isAgain = (before.Message == message && publish.Dup) || _run.LastCrashAt > before.Step;
            Must(!isKnown || isAgain, $"packet id {id} is in use for {before.Message?.ToString() ?? "a removal"}, and comes with {message}");

            // [MQTT-3.3.4-9]
            Must(_inFlight.ContainsKey(id) || _inFlight.Count < ReceiveMaximum, $"more than {ReceiveMaximum} messages are in flight");
            _inFlight[id] = (message, _run.Step);
            isRepeated = publish.Qos == 2 && _received2.ContainsKey(id) && before.Message == message;
            if (publish.Qos == 2) _received2[id] = (message, _run.Step);
            if (!_owed.Contains((publish.Qos == 1 ? PacketType.PubAck : PacketType.PubRec, id))) _owed.Add((publish.Qos == 1 ? PacketType.PubAck : PacketType.PubRec, id));
        }

        if (message is null || isRepeated) return;
        History.Received(_run, this, message, new Receipt(_run.Step, _sentMs, Links, publish.Qos, publish.Retain, publish.Dup), IdentifiersOf(publish), ExpiryOf(publish));
    }

    private void Acknowledged(in AckPacket ack)
    {
        var id = ack.PacketId;
        if (ack.Type == PacketType.PubRel)
        {
            _received2.Remove(id);
            _owed.RemoveAll(o => o.Id == id);
            _owed.Add((PacketType.PubComp, id));
            return;
        }

        Must(ack.Reason is ReasonCode.Success or ReasonCode.NoMatchingSubscribers or ReasonCode.PacketIdentifierNotFound, $"{ack.Type} says {ack.Reason}");
        var outgoing = _outgoing.Find(o => o.PacketId == id);
        Must(outgoing is not null, $"{ack.Type} #{id} answers nothing");
        var fits = ack.Type switch
        {
            PacketType.PubAck => outgoing!.Message.Qos == 1,
            PacketType.PubRec => outgoing!.Message.Qos == 2 && !outgoing.IsReleased,
            _ => outgoing!.IsReleased,
        };
        Must(fits, $"{ack.Type} #{id} does not fit {outgoing.Message}");
        if (outgoing.Message.AckedAt < 0) (outgoing.Message.AckedAt, outgoing.Message.AckedMs) = (_run.Step, _run.NowMs);
        if (ack.Type == PacketType.PubRec)
        {
            outgoing.IsReleased = true;
            SendAck(PacketType.PubRel, id);
            return;
        }

        _outgoing.Remove(outgoing);
    }

    private void ForgetSession()
    {
        _outgoing.Clear();
        _received2.Clear();
        EndSession();
    }

    private void EndSession()
    {
        History = new ClientHistory();
        (SessionExists, SessionMayExist) = (false, false);
    }

    private void SendPublish(ModelMessage message, ushort id, bool dup)
    {
        var properties = new PropertyWriter(new byte[16]);
        if (message.Expiry is { } expiry && Version == ProtocolVersion.V5) properties.Add(PropertyId.MessageExpiryInterval, expiry);
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, Version, new PublishPacket
        {
            Topic = Encoding.UTF8.GetBytes(message.Topic),
            Payload = Encoding.UTF8.GetBytes(message.Payload),
            Properties = properties.Written,
            Qos = message.Qos,
            PacketId = id,
            Retain = message.Retain,
            Dup = dup,
        });
        Link!.Send(output.WrittenSpan);
    }

    private void SendAck(PacketType type, ushort id)
    {
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, Version, new AckPacket { Type = type, PacketId = id });
        Link!.Send(output.WrittenSpan);
    }

    private string TopicOf(in PublishPacket publish)
    {
        var topic = Encoding.UTF8.GetString(publish.Topic);
        if (!publish.Properties.TryGet(PropertyId.TopicAlias, out uint alias)) return topic;
        Must(alias <= TopicAliasMaximum, $"topic alias {alias} is beyond {TopicAliasMaximum}");
        if (topic.Length > 0) _aliases[alias] = topic;
        Must(_aliases.ContainsKey(alias), $"topic alias {alias} stands for nothing");
        return _aliases[alias];
    }

    private static List<uint> IdentifiersOf(in PublishPacket publish)
    {
        var all = new List<uint>();
        foreach (var property in publish.Properties)
            if (property.Id == PropertyId.SubscriptionIdentifier) all.Add(property.Number);
        return all;
    }

    private static uint? ExpiryOf(in PublishPacket publish) => publish.Properties.TryGet(PropertyId.MessageExpiryInterval, out uint expiry) ? expiry : null;

    private ushort NextPacketId()
    {
        do _lastPacketId = (ushort)((_lastPacketId % 20) + 1);
        while (_requests.ContainsKey(_lastPacketId) || _outgoing.Exists(o => o.PacketId == _lastPacketId));
        return _lastPacketId;
    }

    private void Must(bool holds, string otherwise)
    {
        if (!holds) throw new ModelViolationException($"{Id}: {otherwise}");
    }

    private sealed class Outgoing(ushort packetId, ModelMessage message)
    {
        public ushort PacketId { get; } = packetId;

        public ModelMessage Message { get; } = message;

        public bool IsReleased { get; set; }
    }
}
