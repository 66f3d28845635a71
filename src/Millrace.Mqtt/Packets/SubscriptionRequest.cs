namespace Millrace.Mqtt.Packets;

/// <summary>One filter of a SUBSCRIBE with its options (section 3.8.3.1).</summary>
public readonly ref struct SubscriptionRequest
{
    public ReadOnlySpan<byte> Filter { get; init; }

    /// <summary>As on the wire.</summary>
    public byte Options { get; init; }

    /// <summary>The highest QoS the client wants messages with.</summary>
    public byte Qos => (byte)(Options & 3);

    /// <summary>Not what this client itself published. MQTT 5 only.</summary>
    public bool NoLocal => (Options & 4) != 0;

    /// <summary>Messages keep the RETAIN bit they were published with. MQTT 5 only.</summary>
    public bool RetainAsPublished => (Options & 8) != 0;

    /// <summary>0: send retained messages; 1: only where the subscription is new; 2: never. MQTT 5 only.</summary>
    public byte RetainHandling => (byte)((Options >> 4) & 3);
}
