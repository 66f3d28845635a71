namespace Millrace.Gateway.Sessions;

/// <summary>What subscribers get of a PUBLISH. A view on somebody else's memory.</summary>
internal readonly ref struct Message
{
    public ReadOnlySpan<byte> Topic { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>MQTT 5 properties as they came over the wire.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    public byte Qos { get; init; }

    /// <summary>The session it came from; null where it came from inside.</summary>
    public object? Publisher { get; init; }
}
