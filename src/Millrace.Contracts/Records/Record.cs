namespace Millrace.Contracts.Records;

/// <summary>One message: what a device published, or what a flow made of it.</summary>
/// <remarks>A view on somebody else's memory, good until that owner moves on. Copy what you keep.</remarks>
public readonly ref struct Record
{
    /// <summary>UTF-8. The MQTT topic it was published to; in a named stream the topic it came from.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>UTF-8. The client id in the ingress log, the partition key in a named stream.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>MQTT 5 properties of the PUBLISH as they came over the wire, without their length; empty for 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Any bytes; JSON in most rules.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Position in its partition, from 0, without gaps. Set by the log; -1 before.</summary>
    public long Offset { get; init; }

    /// <summary>
    /// Nanoseconds since 1970 UTC at which the log took it, never smaller than its predecessor's in the partition. Set by the log.
    /// </summary>
    public long ArrivalNs { get; init; }

    public RecordFlags Flags { get; init; }
}
