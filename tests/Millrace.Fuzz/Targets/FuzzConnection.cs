using System.Buffers;
using Millrace.Gateway;
using Millrace.Gateway.Connections;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;
using Millrace.Testing.Mqtt;

namespace Millrace.Fuzz.Targets;

/// <summary>A transport that keeps to its side of the promises, and sees to it that the connection keeps to its own.</summary>
internal sealed class FuzzConnection : ITransport, IDisposable
{
    // What one call of Receive may add beyond the outbox: answers are no longer than the packets they answer.
    private const int OutputSlack = 64 * 1024;

    private readonly BrokerOptions _options;
    private readonly PacketReader _packets = new(VarInt.Max);
    private readonly List<byte> _sent = [];
    private readonly List<byte> _output = [];
    private byte[] _unread = [];
    private Progress _progress;
    private Task? _wait;
    private volatile bool _hasOutput;
    private volatile bool _isResumed;
    private volatile bool _wasTold;
    private long _maxPacketSize = long.MaxValue;
    private bool _isConnected;
    private bool _isOver;

    public FuzzConnection(Broker broker, BrokerOptions options)
    {
        _options = options;
        Connection = broker.Open(this, new Peer("fuzz", new ListenerOptions())) ?? throw new BrokenPromiseException("The broker has no room.");
    }

    public Connection Connection { get; }

    /// <summary>While it is false, the client does not read.</summary>
    public bool Reads { get; set; } = true;

    public bool IsClosed => _wasTold || _progress == Progress.Closed;

    /// <summary>It waits for bytes, or for nothing any more.</summary>
    public bool IsIdle => !_hasOutput && _progress is (Progress.NeedInput or Progress.Closed);

    /// <summary>Bytes arrive.</summary>
    public void Arrive(byte[] piece)
    {
        _sent.AddRange(piece);
        _unread = [.. _unread, .. piece];
        if (_progress == Progress.NeedInput) Receive();
        Pump();
    }

    /// <summary>Does what a transport does by itself: writes what there is, and goes on when what it waited for has come.</summary>
    public void Pump()
    {
        while (true)
        {
            if (_hasOutput && Reads) Take();
            var goesOn = _progress switch
            {
                Progress.NeedQuiet => _isResumed,
                Progress.NeedInput or Progress.Closed => false,
                _ => _wait is { IsCompleted: true },
            };
            if (!goesOn) return;
            Receive();
        }
    }

    /// <summary>Nothing is in the way any more: what still waits then was forgotten.</summary>
    public void AssertNotForgotten()
    {
        BrokenPromiseException.Unless(!Connection.HasOutput, "There is output that nobody was told of.");
        BrokenPromiseException.Unless(
            _progress is Progress.NeedInput or Progress.Closed, $"It waits in {_progress} though all is committed, read and free.");
        BrokenPromiseException.Unless(_progress != Progress.Closed || Connection.IsClosed, "It said Closed and is open.");
        BrokenPromiseException.Unless(!Connection.IsClosed || _wasTold, "It closed without telling its transport.");
    }

    public void Dispose()
    {
        Connection.Dispose();
        Reads = true;
        if (Connection.HasOutput) Take();
        _packets.Dispose();
    }

    void ITransport.OutputReady() => _hasOutput = true;

    void ITransport.Resume() => _isResumed = true;

    void ITransport.Close() => (_wasTold, _hasOutput) = (true, true);

    private void Receive()
    {
        (_isResumed, _wait) = (false, null);
        var rest = new ReadOnlySequence<byte>(_unread);
        var before = rest.Length;
        _progress = Connection.Receive(ref rest);
        BrokenPromiseException.Unless(rest.Length <= before, "It gave back more than it got.");
        _unread = rest.ToArray();
        if (_progress == Progress.NeedAccess) _wait = Connection.AuthenticateAsync(CancellationToken.None).AsTask();
        if (_progress == Progress.NeedRoom) _wait = Connection.WaitForRoomAsync(CancellationToken.None).AsTask();
    }

    private void Take()
    {
        _hasOutput = false;
        while (Connection.TryTakeOutput(out var output))
        {
            BrokenPromiseException.Unless(
                output.Span.Length <= _options.MaxOutbox.Bytes + _options.MaxPacketSize.Bytes + OutputSlack, $"{output.Span.Length} bytes were kept for one client.");
            _output.AddRange(output.Span);
            output.Release();
        }

        ReadOnlySpan<byte> rest = _output.ToArray();
        while (true)
        {
            var before = rest;
            var found = _packets.Read(ref rest, out var packet);
            BrokenPromiseException.Unless(found != Decode.Malformed, $"The server sent what is no packet: {Convert.ToHexString(before)}");
            if (found == Decode.NeedMore) break;
            Check(before[0], packet, before.Length - rest.Length);
        }

        BrokenPromiseException.Unless(rest.IsEmpty, "The server sent half a packet.");
        _output.Clear();
    }

    private void Check(byte first, in Packet packet, int size)
    {
        var version = Connection.Version == 0 ? ProtocolVersion.V311 : Connection.Version;
        var text = PlainReader.Read(first, packet.Body.ToArray(), version);
        BrokenPromiseException.Unless(text is not null, $"The server sent a {packet.Type} that is not valid in {version}: {Convert.ToHexString(packet.Body)}");
        BrokenPromiseException.Unless(!_isOver, $"After its last packet the server sent {text}");
        BrokenPromiseException.Unless(_isConnected != (packet.Type == PacketType.ConnAck), $"CONNACK comes first, and once; the server sent {text}");
        if (packet.Type == PacketType.ConnAck)
        {
            _isConnected = true;
            _isOver = !text!.Contains(" 00 ", StringComparison.Ordinal);
            ReadOwnConnect();
        }

        // [MQTT-3.1.2-24] A message that is too large is left out; an answer cannot be.
        var fits = packet.Type != PacketType.Publish || size <= _maxPacketSize;
        BrokenPromiseException.Unless(fits, $"The client takes packets up to {_maxPacketSize} bytes; the server sent {size}: {text}");
        var fromServer = packet.Type is PacketType.ConnAck or PacketType.Publish or PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp
            or PacketType.SubAck or PacketType.UnsubAck or PacketType.PingResp or PacketType.Disconnect or PacketType.Auth;
        BrokenPromiseException.Unless(fromServer, $"Only a client sends {packet.Type}.");
        if (packet.Type != PacketType.Disconnect) return;
        BrokenPromiseException.Unless(version == ProtocolVersion.V5, "A server of 3.1.1 sends no DISCONNECT.");
        _isOver = true;
    }

    private void ReadOwnConnect()
    {
        ReadOnlySpan<byte> sent = _sent.ToArray();
        if (_packets.Read(ref sent, out var packet) != Decode.Done || packet.Type != PacketType.Connect) return;
        if (ConnectPacket.Read(packet, out var connect) != ReasonCode.Success) return;
        if (connect.Properties.TryGet(PropertyId.MaximumPacketSize, out uint maxPacketSize)) _maxPacketSize = maxPacketSize;
    }
}
