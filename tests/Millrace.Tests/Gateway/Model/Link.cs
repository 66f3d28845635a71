using System.Buffers;
using Millrace.Gateway;
using Millrace.Gateway.Connections;
using Millrace.Mqtt;

namespace Millrace.Tests.Gateway.Model;

/// <summary>A network connection: packets on their way to the server and to the client, until they are delivered or lost.</summary>
internal sealed class Link : ITransport
{
    private readonly Queue<byte[]> _toServer = new();
    private readonly Queue<(byte[] Packet, long SentMs)> _toClient = new();
    private readonly Func<long> _nowMs;
    private byte[] _unread = [];
    private Progress _progress;
    private Task? _wait;
    private volatile bool _isResumed;
    private volatile bool _hasOutput;
    private long _outputSinceMs;

    /// <param name="broker">To connect to.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    public Link(Broker broker, Func<long> nowMs)
    {
        _nowMs = nowMs;
        Connection = broker.Open(this, new Peer("model", new ListenerOptions())) ?? throw new ModelViolationException("The broker has no room.");
    }

    public Connection Connection { get; }

    public bool IsClosedByServer { get; private set; }

    public bool HasForServer => _toServer.Count > 0;

    public bool HasForClient
    {
        get
        {
            Take();
            return _toClient.Count > 0;
        }
    }

    /// <summary>It waits for bytes, or for nothing any more.</summary>
    public bool IsAtRest => _progress is Progress.NeedInput or Progress.Closed;

    public bool IsWaitingForAccess => _progress == Progress.NeedAccess;

    /// <summary>The client sends.</summary>
    public void Send(ReadOnlySpan<byte> packet) => _toServer.Enqueue(packet.ToArray());

    /// <summary>The next packet arrives at the server.</summary>
    public void DeliverToServer()
    {
        if (!_toServer.TryDequeue(out var packet)) return;
        _unread = [.. _unread, .. packet];
        if (_progress == Progress.NeedInput) Receive();
        Pump();
    }

    /// <summary>The next packet arrives at the client.</summary>
    /// <param name="sentMs">When the server sent it at the earliest.</param>
    public byte[]? ReceiveAtClient(out long sentMs)
    {
        Take();
        (var packet, sentMs) = _toClient.TryDequeue(out var next) ? next : (null, 0);
        return packet;
    }

    /// <summary>What a transport does by itself: goes on when what it waited for has come.</summary>
    public bool Pump()
    {
        var goesOn = _progress switch
        {
            Progress.NeedQuiet => _isResumed,
            Progress.NeedInput or Progress.Closed => false,
            _ => _wait is { IsCompleted: true },
        };
        if (goesOn) Receive();
        return goesOn;
    }

    /// <summary>What was on its way is lost. The server does not know yet.</summary>
    public void Cut()
    {
        _toServer.Clear();
        _toClient.Clear();
    }

    /// <summary>A fault: a PUBLISH with QoS 1 is swallowed, and acknowledged in the client's name.</summary>
    public void LoseDelivery()
    {
        if (!HasForClient || (_toClient.Peek().Packet[0] & 0xF6) != 0x32) return;
        _toServer.Enqueue([0x40, 2, .. PacketIdOf(_toClient.Dequeue().Packet)]);
    }

    /// <summary>A fault: a PUBLISH with QoS 2 comes a second time, as another message.</summary>
    public void RepeatDelivery()
    {
        if (!HasForClient || (_toClient.Peek().Packet[0] & 0xFE) != 0x34) return;
        var (packet, sentMs) = _toClient.Peek();
        var copy = packet.ToArray();
        PacketIdOf(copy)[0] ^= 0x80;
        _toClient.Enqueue((copy, sentMs));
    }

    /// <summary>The handshake goes on as soon as its document is safe, on another thread.</summary>
    public void AwaitAccess()
    {
        if (_progress != Progress.NeedAccess || _wait is not { } wait) return;
        if (!SpinWait.SpinUntil(() => wait.IsCompleted, TimeSpan.FromSeconds(10))) throw new ModelViolationException("A CONNECT is not answered though all documents are safe.");
        Pump();
    }

    /// <summary>What it waits for in the log is there, and tells so on another thread.</summary>
    /// <returns>Whether it went on.</returns>
    public bool AwaitLog()
    {
        if (_progress != Progress.NeedRoom || _wait is not { } wait) return false;
        return SpinWait.SpinUntil(() => wait.IsCompleted, TimeSpan.FromSeconds(10)) && Pump();
    }

    void ITransport.OutputReady()
    {
        if (!_hasOutput) _outputSinceMs = _nowMs();
        _hasOutput = true;
    }

    void ITransport.Resume() => _isResumed = true;

    void ITransport.Close() => (IsClosedByServer, _hasOutput) = (true, true);

    private void Receive()
    {
        (_isResumed, _wait) = (false, null);
        var rest = new ReadOnlySequence<byte>(_unread);
        _progress = Connection.Receive(ref rest);
        _unread = rest.ToArray();
        if (_progress == Progress.NeedRoom) _wait = Connection.WaitForRoomAsync(CancellationToken.None).AsTask();
        else if (_progress == Progress.NeedAccess) _wait = Connection.AuthenticateAsync(CancellationToken.None).AsTask();
    }

    private static Span<byte> PacketIdOf(byte[] publish)
    {
        VarInt.Read(publish.AsSpan(1), out _, out var used);
        var topicLength = (publish[1 + used] << 8) | publish[2 + used];
        return publish.AsSpan(3 + used + topicLength, 2);
    }

    private void Take()
    {
        if (!_hasOutput) return;
        _hasOutput = false;
        while (Connection.TryTakeOutput(out var output))
        {
            using var reader = new PacketReader(VarInt.Max);
            var rest = output.Span;
            while (rest.Length > 0)
            {
                var before = rest;
                if (reader.Read(ref rest, out _) != Decode.Done) throw new ModelViolationException($"The server sent what is no packet: {Convert.ToHexString(rest)}");
                _toClient.Enqueue((before[..^rest.Length].ToArray(), _outputSinceMs));
            }

            output.Release();
        }
    }
}
