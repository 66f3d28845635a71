using Millrace.Gateway.Sessions;

namespace Millrace.Gateway.Observing;

/// <summary>What the gateway holds at one moment, apart from what it counts.</summary>
public sealed record GatewayState
{
    /// <summary>Sessions that are kept without a connection.</summary>
    public int SessionsOffline { get; init; }

    /// <summary>QoS 1 and 2 messages sent to clients and not acknowledged to the end.</summary>
    public long InFlight { get; init; }

    /// <summary>Messages listed for sessions and shared subscriptions. What waits beyond the list is in the log, and not counted.</summary>
    public long Queued { get; init; }

    public int SharedSubscriptions { get; init; }

    public int RetainedMessages { get; init; }

    /// <summary>With their topics.</summary>
    public long RetainedBytes { get; init; }

    /// <summary>Records that are committed and that subscribers have not been handed yet.</summary>
    public long DispatcherLag { get; init; }

    internal static GatewayState Of(Broker broker, Session[] sessions, int offline)
    {
        long inFlight = 0, queued = 0;
        foreach (var session in sessions)
        {
            inFlight += session.InFlight;
            queued += session.Waiting;
        }

        var groups = broker.Shared.All;
        return new GatewayState
        {
            SessionsOffline = offline,
            InFlight = inFlight,
            Queued = queued + groups.Sum(static group => (long)group.Waiting),
            SharedSubscriptions = groups.Sum(static group => group.Members.Count),
            RetainedMessages = broker.Retained.Count,
            RetainedBytes = broker.Retained.Bytes,
            DispatcherLag = LagOf(broker),
        };
    }

    private static long LagOf(Broker broker)
    {
        // Without subscriptions nothing is read, and nobody waits for it.
        if (broker.Topics.Count == 0) return 0;
        return broker.Ingress.Partitions.Sum(partition => Math.Max(0, partition.End - broker.DispatchedTo(partition.Index)));
    }
}
