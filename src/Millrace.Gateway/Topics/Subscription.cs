using Millrace.Gateway.Sessions;

namespace Millrace.Gateway.Topics;

/// <summary>One filter of one client. Immutable: a client that changes its options subscribes anew.</summary>
internal sealed class Subscription(ISubscriber subscriber, byte[] filter, byte options, uint identifier)
{
    public ISubscriber Subscriber { get; } = subscriber;

    public byte[] Filter { get; } = filter;

    /// <summary>The highest QoS that was granted.</summary>
    public byte Qos { get; } = (byte)(options & 3);

    public bool NoLocal { get; } = (options & 4) != 0;

    /// <summary>Sent along with each message; 0 for none.</summary>
    public uint Identifier { get; } = identifier;
}
