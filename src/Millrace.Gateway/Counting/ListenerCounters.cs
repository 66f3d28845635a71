namespace Millrace.Gateway.Counting;

/// <summary>What came and went by one listener since the start. Any thread adds and reads; connections add once for each read or write.</summary>
public sealed class ListenerCounters
{
    private readonly string _listener;
    private long _sockets;
    private long _connections;
    private long _connectionsTotal;
    private long _connectionsRefused;
    private long _packetsReceived;
    private long _packetsSent;
    private long _messagesReceived;
    private long _messagesSent;
    private long _payloadReceived;
    private long _payloadSent;
    private long _bytesReceived;
    private long _bytesSent;
    private long _authenticationFailures;
    private long _protocolErrors;
    private long _throttled;

    internal ListenerCounters(string listener) => _listener = listener;

    public ListenerCounts Snapshot() => new()
    {
        Listener = _listener,
        Sockets = Interlocked.Read(ref _sockets),
        Connections = Interlocked.Read(ref _connections),
        ConnectionsTotal = Interlocked.Read(ref _connectionsTotal),
        ConnectionsRefused = Interlocked.Read(ref _connectionsRefused),
        PacketsReceived = Interlocked.Read(ref _packetsReceived),
        PacketsSent = Interlocked.Read(ref _packetsSent),
        MessagesReceived = Interlocked.Read(ref _messagesReceived),
        MessagesSent = Interlocked.Read(ref _messagesSent),
        PayloadReceived = Interlocked.Read(ref _payloadReceived),
        PayloadSent = Interlocked.Read(ref _payloadSent),
        BytesReceived = Interlocked.Read(ref _bytesReceived),
        BytesSent = Interlocked.Read(ref _bytesSent),
        AuthenticationFailures = Interlocked.Read(ref _authenticationFailures),
        ProtocolErrors = Interlocked.Read(ref _protocolErrors),
        Throttled = Interlocked.Read(ref _throttled),
    };

    internal void Opened() => Interlocked.Increment(ref _sockets);

    internal void Connected()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _connectionsTotal);
    }

    internal void Disconnected() => Interlocked.Decrement(ref _connections);

    internal void ConnectionRefused() => Interlocked.Increment(ref _connectionsRefused);

    internal void AuthenticationFailed() => Interlocked.Increment(ref _authenticationFailures);

    internal void ProtocolError() => Interlocked.Increment(ref _protocolErrors);

    internal void Throttled() => Interlocked.Increment(ref _throttled);

    internal void Received(long bytes, in Traffic traffic)
    {
        Interlocked.Add(ref _bytesReceived, bytes);
        if (traffic.Packets > 0) Interlocked.Add(ref _packetsReceived, traffic.Packets);
        if (traffic.Publishes == 0) return;
        Interlocked.Add(ref _messagesReceived, traffic.Publishes);
        Interlocked.Add(ref _payloadReceived, traffic.PublishBytes);
    }

    internal void Sent(long bytes, in Traffic traffic)
    {
        Interlocked.Add(ref _bytesSent, bytes);
        if (traffic.Packets > 0) Interlocked.Add(ref _packetsSent, traffic.Packets);
        if (traffic.Publishes == 0) return;
        Interlocked.Add(ref _messagesSent, traffic.Publishes);
        Interlocked.Add(ref _payloadSent, traffic.PublishBytes);
    }
}
