namespace Millrace.Gateway.Counting;

/// <summary>The counts of one listener at one moment.</summary>
public sealed record ListenerCounts
{
    public required string Listener { get; init; }

    /// <summary>Connections that came in, also those that sent nothing.</summary>
    public long Sockets { get; init; }

    /// <summary>Connections whose CONNECT was accepted and that are open.</summary>
    public long Connections { get; init; }

    public long ConnectionsTotal { get; init; }

    /// <summary>CONNECTs refused, failed TLS handshakes, and connections closed for lack of room.</summary>
    public long ConnectionsRefused { get; init; }

    public long PacketsReceived { get; init; }

    public long PacketsSent { get; init; }

    /// <summary>PUBLISH packets that were taken, also where the message was refused with a reason code.</summary>
    public long MessagesReceived { get; init; }

    /// <summary>PUBLISH packets.</summary>
    public long MessagesSent { get; init; }

    /// <summary>Bytes of the payloads of <see cref="MessagesReceived"/>.</summary>
    public long PayloadReceived { get; init; }

    /// <summary>Bytes of the payloads of <see cref="MessagesSent"/>.</summary>
    public long PayloadSent { get; init; }

    /// <summary>Bytes of whole packets.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes of whole packets.</summary>
    public long BytesSent { get; init; }

    /// <summary>Clients turned away because of what they showed, or did not show, of who they are.</summary>
    public long AuthenticationFailures { get; init; }

    /// <summary>Connections closed because what came was not MQTT, or not allowed by it.</summary>
    public long ProtocolErrors { get; init; }

    /// <summary>How often a client was not read from for a while, as it published more than the listener lets one client.</summary>
    public long Throttled { get; init; }
}
