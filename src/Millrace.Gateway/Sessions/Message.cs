using Millrace.Contracts.Records;

namespace Millrace.Gateway.Sessions;

/// <summary>What subscribers get of a PUBLISH. A view on somebody else's memory.</summary>
internal readonly ref struct Message
{
    public Message() => Position = LogPosition.None;

    /// <summary>A record of the ingress log.</summary>
    public Message(scoped in Record record, int partition)
    {
        Topic = record.Topic;
        Payload = record.Payload;
        Properties = LoggedProperties.OfMessage(record);
        PublisherId = record.Key;
        ArrivalNs = record.ArrivalNs;
        Qos = LoggedProperties.QosOf(record.Flags);
        Retain = record.Flags.HasFlag(RecordFlags.Retain);
        Position = new LogPosition(partition, record.Offset);
    }

    public ReadOnlySpan<byte> Topic { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>MQTT 5 properties as they came over the wire, without a topic alias.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>The client id it came from, or what stands for it.</summary>
    public ReadOnlySpan<byte> PublisherId { get; init; }

    /// <summary>Nanoseconds since 1970 at which it arrived; 0 where that is now.</summary>
    public long ArrivalNs { get; init; }

    public byte Qos { get; init; }

    /// <summary>As it was published.</summary>
    public bool Retain { get; init; }

    /// <summary>None with QoS 0 that is delivered at once.</summary>
    public LogPosition Position { get; init; }
}
