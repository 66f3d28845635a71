using Millrace.Gateway.Sessions;
using Millrace.Mqtt;

namespace Millrace.Gateway.Topics;

/// <summary>One filter of one subscriber. Immutable: a client that changes its options subscribes anew.</summary>
/// <param name="subscriber">Who gets the messages.</param>
/// <param name="filter">Valid; of a shared subscription without <c>$share/name/</c>.</param>
/// <param name="options">As in SUBSCRIBE, with the QoS that was granted.</param>
/// <param name="identifier">0 for none.</param>
/// <param name="since">By partition, the offset from which on messages count for it.</param>
internal sealed class Subscription(ISubscriber subscriber, byte[] filter, byte options, uint identifier, long[] since)
{
    public ISubscriber Subscriber { get; } = subscriber;

    public byte[] Filter { get; } = filter;

    public byte Options { get; } = options;

    /// <summary>Sent along with each message; 0 for none.</summary>
    public uint Identifier { get; } = identifier;

    public long[] Since { get; } = since;

    /// <summary>AWS's <c>#</c>: <c>sensor/#</c> does not match <c>sensor</c>.</summary>
    public bool ExcludesParent { get; init; }

    /// <summary>Of a member of a shared subscription; else null.</summary>
    public SharedGroup? Group { get; init; }

    /// <summary>The highest QoS that was granted.</summary>
    public byte Qos => (byte)(Options & 3);

    public bool NoLocal => (Options & 4) != 0;

    public bool RetainAsPublished => (Options & 8) != 0;

    /// <summary>Whether a message that is read from the log was meant for it.</summary>
    public bool Wants(in Message message) => Counts(message.Position) && Matches(message.Topic);

    /// <summary>Whether it was there when the message came.</summary>
    public bool Counts(LogPosition position) => position.IsNone || position.Offset >= Since[position.Partition];

    private bool Matches(ReadOnlySpan<byte> topic)
    {
        if (!Topic.Matches(Filter, topic)) return false;
        return !ExcludesParent || Filter.Length < 2 || !Filter.AsSpan().EndsWith("/#"u8) || topic.Count((byte)'/') >= Filter.AsSpan().Count((byte)'/');
    }
}
