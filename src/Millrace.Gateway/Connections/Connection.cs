using System.Buffers;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Devices;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Observing;
using Millrace.Gateway.Sessions;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>One network connection: bytes in, packets handled, bytes out. It never waits; it tells the transport what it needs to go on.</summary>
/// <remarks>
/// The transport calls <see cref="Receive"/> one call at a time. Commits, messages of others, take-over and time-outs come on any thread, also
/// meanwhile. What they share with the receiving thread is guarded by one lock, the innermost of all: nothing is called with it held.
/// </remarks>
public sealed class Connection : IDisposable
{
    private readonly Broker _broker;
    private readonly ITransport _transport;
    private readonly ListenerCounters _counters;
    private readonly PacketReader _packets;
    private readonly long _openedAt;

    // Set once, by CONNECT.
    private Intake? _intake;
    private PublishRate? _rate;
    private Session? _session;
    private ConnectionLifecycle? _lifecycle;
    private Requests? _requests;
    private Task? _connecting;
    private CancellationTokenRegistration _revocation;
    private TimeSpan _keepAlive;
    private long _maxPacketSize = long.MaxValue;

    // Only the receiving thread uses it.
    private bool _wakeAtEndOfRound;
    private Traffic _received;

    // The rest is guarded by the lock, but for reading what is volatile.
    private readonly Lock _gate = new();
    private readonly OutputBuffer _output = new();
    private OutgoingAliases? _aliases;
    private Traffic _sent;
    private volatile bool _isConnected;
    private volatile bool _isClosed;
    private volatile bool _isPaused;
    private bool _isAnnounced;
    private bool _wantsQuiet;
    private bool _wantsFeed;
    private long _lastPacketAt;

    internal Connection(Broker broker, ITransport transport, Peer peer)
    {
        (_broker, _transport, Peer) = (broker, transport, peer);
        _counters = broker.Counters.Of(peer.Listener.Name);
        _counters.Opened();
        _packets = new PacketReader((int)broker.Options.MaxConnectPacketSize.Bytes);
        _openedAt = _lastPacketAt = broker.Time.GetTimestamp();
    }

    public Peer Peer { get; }

    /// <summary>Empty until CONNECT.</summary>
    public string ClientId => _session?.ClientId ?? "";

    public bool IsClosed => _isClosed;

    /// <summary>Whether there is something to take now.</summary>
    public bool HasOutput
    {
        get
        {
            lock (_gate) return _output.Length > 0;
        }
    }

    internal ProtocolVersion Version { get; private set; }

    /// <summary>What its client may do. Set by CONNECT.</summary>
    internal IAccess Access { get; private set; } = null!;

    /// <summary>Published when the connection ends, unless the client says goodbye first.</summary>
    internal Will? Will { get; private set; }

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

        if (before != rest.Length) CountReceived(before - rest.Length);

        // Packets count for the keep-alive, not bytes; and the end of a pause, in which none could be read.
        if (before != rest.Length || _isPaused) Volatile.Write(ref _lastPacketAt, _broker.Time.GetTimestamp());
        _isPaused = progress is not Progress.NeedInput;
        return _isClosed ? Progress.Closed : progress;
    }

    /// <summary>Ends when the log may have room again.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken stop) => _intake!.WaitForRoomAsync(stop);

    /// <summary>Ends when it is decided whether the client is let in.</summary>
    public async ValueTask AuthenticateAsync(CancellationToken stop)
    {
        if (_connecting is { } connecting) await connecting.WaitAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Takes all that is to be written. One thread at a time.</summary>
    public bool TryTakeOutput(out OutputBytes output)
    {
        bool resume, feed;
        Traffic sent;
        lock (_gate)
        {
            _isAnnounced = false;
            if (_output.Length == 0)
            {
                output = default;
                return false;
            }

            output = _output.Take();
            (sent, _sent) = (_sent, default);
            (resume, _wantsQuiet) = (_wantsQuiet, false);
            (feed, _wantsFeed) = (_wantsFeed, false);
        }

        _broker.Counters.BytesSent(output.Span.Length);
        _counters.Sent(output.Span.Length, sent);
        if (resume) _transport.Resume();
        if (feed) _session?.OutputDrained(this);
        return true;
    }

    /// <summary>The connection is gone, and the transport calls no more: without a DISCONNECT before, the will is published.</summary>
    public void Dispose()
    {
        Close(ReasonCode.UnspecifiedError, why: null, tellClient: false);
        _packets.Dispose();
    }

    /// <summary>Ends the connection from the server's side.</summary>
    /// <returns>False where it was over already.</returns>
    public bool Close(ReasonCode reason) => Close(reason, why: null);

    /// <summary>Ends the connection from the server's side, and says why in a sentence.</summary>
    internal bool Close(ReasonCode reason, string? why)
    {
        if (!Close(reason, why, tellClient: true)) return false;
        if (_isConnected) LogMessages.Closed(_broker.Logger, ClientId, Peer.Address, reason, why ?? "");
        return true;
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
        if (_keepAlive > TimeSpan.Zero && !_isPaused
            && _broker.Time.GetElapsedTime(Volatile.Read(ref _lastPacketAt), now) > _keepAlive * 1.5)
            Close(ReasonCode.KeepAliveTimeout);
    }

    internal bool MayReceive(ReadOnlySpan<byte> topic) => Access.MayReceive(topic);

    /// <summary>Lays a PUBLISH out in the output.</summary>
    /// <param name="message">Its properties are those it was published with; what they become for this client is seen to here.</param>
    /// <param name="terms">QoS, RETAIN and the subscriptions it is sent for.</param>
    /// <param name="packetId">0 with QoS 0.</param>
    /// <param name="dup">Whether it was sent before.</param>
    /// <param name="wake">True where the caller is the one to have the output written.</param>
    internal Delivered Send(in Message message, in DeliveryTerms terms, ushort packetId, bool dup, out bool wake)
    {
        wake = false;

        // [MQTT-4.4.0-1] What was sent before is sent again, whatever has become of its time.
        if (!MessageExpiry.TryGetRemaining(message, _broker, out var expiry) && !dup) return Delivered.Expired;
        lock (_gate)
        {
            if (_isClosed || _output.Length > _broker.Options.MaxOutbox.Bytes)
            {
                _wantsFeed = true;
                return Delivered.NoRoom;
            }

            if (!OutgoingPublish.TryWrite(_output, Version, message, terms, packetId, dup, expiry, _aliases, _maxPacketSize)) return Delivered.TooLarge;
            _sent.AddPublish(message.Payload.Length);
            wake = Announce();
            return Delivered.Sent;
        }
    }

    /// <summary>Whether a message can be laid out now; where not, the session is told when it can.</summary>
    internal bool HasRoom()
    {
        lock (_gate)
        {
            if (!_isClosed && _output.Length <= _broker.Options.MaxOutbox.Bytes) return true;
            _wantsFeed = true;
            return false;
        }
    }

    internal void SendAck(PacketType type, ushort packetId, ReasonCode reason)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _sent.Add(1);
            PacketWriter.Write(_output, Version, new AckPacket { Type = type, PacketId = packetId, Reason = reason });
        }
    }

    internal void SendPacket(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _sent.Add(1);
            _output.Write(packet);
        }
    }

    internal Answers BeginAnswers(int most)
    {
        _gate.Enter();
        if (!_isClosed) return new Answers(this, _output, most);
        _gate.Exit();
        return default;
    }

    internal void EndAnswers(int length, int count)
    {
        _sent.Add(count);
        _output.Advance(length);
        _gate.Exit();
    }

    /// <summary>What was laid out on the receiving thread is written when all that has arrived is handled.</summary>
    internal void WriteAfterRound() => _wakeAtEndOfRound = true;

    /// <summary>Has the transport write what there is. Not to be called with a lock held.</summary>
    internal void WriteOutput() => _transport.OutputReady();

    internal void ResumeReading() => _transport.Resume();

    /// <summary>The client broke a rule with a message: it is disconnected.</summary>
    internal Progress Fail(ReasonCode reason, RefusalReason refusal, string why)
    {
        _broker.Counters.Refused(refusal);
        Close(reason, why);
        return Progress.Closed;
    }

    /// <summary>The client is let in: CONNACK is the first that goes out.</summary>
    internal void Accept(ConnectRequest request, Session session, bool sessionPresent)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            if (request.TopicAliasMaximum > 0) _aliases = new OutgoingAliases(request.TopicAliasMaximum);
            ConnectRules.WriteConnAck(request, sessionPresent, _output, Peer.Listener, _broker.Options);
            _isConnected = true;
            _sent.Add(1);
            _broker.Counters.Connected();
            _counters.Connected();
        }

        WriteOutput();
        LogMessages.Connected(_broker.Logger, request.ClientId, Peer.Address, Version);
        _lifecycle?.Connected();
        session.Resume(this, Math.Min(request.ReceiveMaximum, _broker.Options.MaxInFlight));
    }

    /// <summary>The client is who it says, and has this session now.</summary>
    internal void Begin(ConnectRequest request, IAccess access, Session session)
    {
        Access = access;
        _session = session;
        _intake = new Intake(_broker, this, session);
        _rate = PublishRate.Of(this, _counters, _broker.Time);
        _lifecycle = ConnectionLifecycle.Of(this, session.ClientId, _broker.Lifecycle);
        _keepAlive = request.KeepAlive;
        _maxPacketSize = request.MaxPacketSize;
        _packets.MaxPacketSize = (int)PublishRules.MaxPacketSize(Peer.Listener, _broker.Options);
        bool isOver;
        lock (_gate)
        {
            isOver = _isClosed;
            if (!isOver) Will = request.Will;
        }

        if (isOver)
        {
            // It went while it was decided who the client is, and nobody else gives the session back.
            _broker.Left(session, this, will: null, expirySeconds: null);
            return;
        }

        if (access.Revoked.CanBeCanceled)
            _revocation = access.Revoked.UnsafeRegister(static c => ((Connection)c!).Close(ReasonCode.AdministrativeAction, "The credential was revoked, changed or switched off."), this);
    }

    internal void Refuse(string clientId, ReasonCode reason, string why, bool tellWhy)
    {
        LogMessages.ConnectRefused(_broker.Logger, clientId, Peer.Address, reason, why);
        _broker.Counters.ConnectionRefused(Peer.Listener.Name);
        lock (_gate)
        {
            if (_isClosed) return;

            // [MQTT-3.1.4-1] of 3.1.1: a CONNECT that is not valid is closed without an answer.
            var answer = Version == ProtocolVersion.V5 || reason is not (ReasonCode.MalformedPacket or ReasonCode.ProtocolError);
            if (answer)
            {
                _sent.Add(1);
                PacketWriter.Write(_output, Version, new ConnAckPacket { Reason = reason, Properties = ReasonString.Of(tellWhy ? why : null, _maxPacketSize) });
            }
        }

        Close(reason, why: null, tellClient: false);
    }

    // Made when it is needed: most connections of a fleet only publish.
    private Requests Requests => _requests ??= new Requests(_broker, this, _session!, _lifecycle);

    private Progress HandleAll(ref ReadOnlySequence<byte> rest)
    {
        if (StaysLoud()) return Progress.NeedQuiet;
        while (true)
        {
            // Nothing is read between CONNECT and its answer.
            if (_connecting is { IsCompleted: false }) return Progress.NeedAccess;
            var before = rest;
            switch (_packets.Read(ref rest, out var packet))
            {
                case Decode.NeedMore:
                    return Progress.NeedInput;
                case Decode.Malformed:
                    return Fail(_packets.Reason);
            }

            var progress = HandleOrFail(packet);
            if (progress == Progress.NeedInput) continue;
            if (progress is Progress.NeedRoom or Progress.NeedQuiet) rest = before;
            return progress;
        }
    }

    private Progress HandleOrFail(in Packet packet)
    {
        try
        {
            return Handle(packet);
        }
        catch (FaultException e)
        {
            // What the client asked for cannot be kept: it is not told that it was, and may try again.
            Close(ReasonCode.ImplementationSpecificError, e.Message);
            return Progress.Closed;
        }
    }

    private Progress Handle(in Packet packet)
    {
        if (packet.Type == PacketType.Publish && _isConnected)
        {
            var wrong = PublishPacket.Read(packet, Version, out var publish);
            if (wrong != ReasonCode.Success) return Fail(wrong);
            if (_rate?.TryBegin() == false) return Progress.NeedQuiet;
            var progress = _intake!.Publish(publish);
            if (progress != Progress.NeedInput) return progress;
            _received.AddPublish(publish.Payload.Length);
            _rate?.Take(packet.Body.Length);
            return progress;
        }

        _received.Add(1);

        // [MQTT-3.1.0-1], [MQTT-3.1.0-2] CONNECT comes first, and once.
        if (_isConnected == (packet.Type == PacketType.Connect)) return Fail(ReasonCode.ProtocolError);
        if (packet.Type == PacketType.Connect) return Connect(packet);
        var reason = packet.Type switch
        {
            PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp => Requests.Acknowledge(packet),
            PacketType.Subscribe => Requests.Subscribe(packet),
            PacketType.Unsubscribe => Requests.Unsubscribe(packet),
            PacketType.PingReq => Ping(packet),
            PacketType.Disconnect => Disconnect(packet),

            // Enhanced authentication was not offered, and the rest only a server sends.
            _ => ReasonCode.ProtocolError,
        };
        if (reason != ReasonCode.Success) return Fail(reason);
        return _isClosed ? Progress.Closed : Progress.NeedInput;
    }

    private Progress Connect(in Packet packet)
    {
        var reason = ConnectPacket.Read(packet, out var connect);
        Version = connect.Version == 0 ? ProtocolVersion.V311 : connect.Version;
        var why = "The packet is not valid.";
        if (reason == ReasonCode.Success) (reason, why) = ConnectRules.Check(connect, Peer, _broker);
        if (reason != ReasonCode.Success)
        {
            Refuse(Encoding.UTF8.GetString(connect.ClientId), reason, why!, tellWhy: true);
            return Progress.Closed;
        }

        _connecting = Handshake.RunAsync(_broker, this, new ConnectRequest(connect, _broker.Options));
        if (!_connecting.IsCompleted) return Progress.NeedAccess;
        return _isClosed ? Progress.Closed : Progress.NeedInput;
    }

    private ReasonCode Ping(in Packet packet)
    {
        var reason = PingPacket.Read(packet);
        if (reason != ReasonCode.Success) return reason;
        lock (_gate)
        {
            _sent.Add(1);
            PacketWriter.WritePing(_output, PacketType.PingResp);
        }

        _wakeAtEndOfRound = true;
        return ReasonCode.Success;
    }

    private ReasonCode Disconnect(in Packet packet)
    {
        var reason = DisconnectPacket.Read(packet, Version, out var disconnect);
        if (reason != ReasonCode.Success) return reason;
        uint? expiry = null;
        if (disconnect.Properties.TryGet(PropertyId.SessionExpiryInterval, out uint asked))
        {
            // [MQTT-3.14.2-2] of MQTT 5: a session that began with expiry 0 cannot be given another at its end.
            if (asked != 0 && !_session!.IsDurable) return ReasonCode.ProtocolError;
            expiry = Math.Min(asked, (uint)_broker.Options.MaxSessionExpiry.TotalSeconds);
        }

        // [MQTT-3.14.4-3] A normal goodbye takes the will with it; any other reason lets it be published.
        if (disconnect.Reason == ReasonCode.Success)
            lock (_gate) Will = null;
        Close(ReasonCode.Success, why: null, tellClient: false, expiry);
        return ReasonCode.Success;
    }

    private Progress Fail(ReasonCode reason)
    {
        _broker.Counters.ProtocolError(Peer.Listener.Name);
        Close(reason);
        return Progress.Closed;
    }

    private void CountReceived(long bytes)
    {
        _broker.Counters.BytesReceived(bytes);
        _counters.Received(bytes, _received);
        _received = default;
    }

    private void EndRound()
    {
        _intake?.EndRound();
        if (!_wakeAtEndOfRound) return;
        _wakeAtEndOfRound = false;
        WriteOutput();
    }

    private bool Close(ReasonCode reason, string? why, bool tellClient, uint? expirySeconds = null)
    {
        Will? will;
        bool wasConnected;
        lock (_gate)
        {
            if (_isClosed) return false;
            wasConnected = _isConnected;

            // [MQTT-3.14.0-1] No DISCONNECT before the CONNACK, and in 3.1.1 none at all from a server.
            if (tellClient && wasConnected && Version == ProtocolVersion.V5)
            {
                _sent.Add(1);
                PacketWriter.Write(_output, Version, new DisconnectPacket { Reason = reason, Properties = ReasonString.Of(why, _maxPacketSize) });
            }

            _isClosed = true;
            (will, Will) = (Will, null);
        }

        _revocation.Unregister();
        _intake?.End();
        _rate?.Dispose();
        _broker.Ended(this, wasConnected);
        if (wasConnected) _counters.Disconnected();
        if (wasConnected) _lifecycle?.Disconnected(reason);
        if (_session is { } session) _broker.Left(session, this, will, expirySeconds);
        _transport.Close();
        return true;
    }

    /// <summary>Whether more must not be read now; then the transport is told when it may.</summary>
    private bool StaysLoud()
    {
        lock (_gate)
            if (_wantsQuiet = _output.Length > _broker.Options.MaxOutbox.Bytes) return true;
        return _rate?.IsPausing == true || _intake?.StaysBusy() == true;
    }

    /// <returns>True where the caller is the one to tell the transport.</returns>
    private bool Announce()
    {
        if (_isAnnounced) return false;
        return _isAnnounced = true;
    }
}
