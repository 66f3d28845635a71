namespace Millrace.Gateway.Counting;

/// <summary>The gateway's side of the loss ledger, and its other counts, at one moment.</summary>
/// <remarks>
/// While no message is being handled, Received = Acknowledged + Accepted + Refused + WaitingForCommit, exactly. A QoS 1 message is acknowledged when
/// its commit is done: it is safe from then on, also where its connection died before the PUBACK could be written.
/// </remarks>
public sealed record GatewayCounts
{
    /// <summary>Messages published by clients, over HTTP and from inside.</summary>
    public long Received { get; init; }

    /// <summary>QoS 1, in the log and safe.</summary>
    public long Acknowledged { get; init; }

    /// <summary>QoS 0, given to the log.</summary>
    public long Accepted { get; init; }

    /// <summary>Not in the log; <see cref="RefusedBy"/> says why.</summary>
    public long Refused { get; init; }

    public IReadOnlyDictionary<RefusalReason, long> RefusedBy { get; init; } = new Dictionary<RefusalReason, long>();

    /// <summary>QoS 1, given to the log and not safe yet.</summary>
    public long WaitingForCommit { get; init; }

    public long BytesReceived { get; init; }

    public long BytesSent { get; init; }

    /// <summary>Connections whose CONNECT was accepted and that are open.</summary>
    public long Connections { get; init; }

    public long ConnectionsTotal { get; init; }

    /// <summary>CONNECTs refused, and connections closed for lack of room.</summary>
    public long ConnectionsRefused { get; init; }

    /// <summary>Connections closed because what came was not MQTT, or not allowed by it.</summary>
    public long ProtocolErrors { get; init; }

    public long Subscriptions { get; init; }

    /// <summary>Messages handed to the connections of subscribers.</summary>
    public long Sent { get; init; }

    /// <summary>Messages that a subscriber should have got and did not: it read too slowly, or takes no packet this large.</summary>
    public long Dropped { get; init; }

    /// <summary>Clients turned away because of what they showed, or did not show, of who they are.</summary>
    public long AuthenticationFailures { get; init; }

    /// <summary>Sessions whose time without a connection was up.</summary>
    public long SessionsExpired { get; init; }

    /// <summary>Events on <c>$aws/events/…</c> that were not published: too many waited already, or the log did not take them.</summary>
    public long LifecycleEventsDropped { get; init; }
}
